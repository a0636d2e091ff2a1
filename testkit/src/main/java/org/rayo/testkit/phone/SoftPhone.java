package org.rayo.testkit.phone;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.text.ParseException;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TooManyListenersException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.sip.ClientTransaction;
import javax.sip.Dialog;
import javax.sip.InvalidArgumentException;
import javax.sip.ServerTransaction;
import javax.sip.SipException;
import javax.sip.SipFactory;
import javax.sip.SipProvider;
import javax.sip.SipStack;
import javax.sip.message.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A SIP phone on loopback, at a free port for UDP and TCP alike.
 *
 * <p>One phone places any number of calls. It answers OPTIONS, and calls only if it was made for
 * that. Any thread may use it.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3261">RFC 3261</a>
 */
public final class SoftPhone implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SoftPhone.class);
  private static final AtomicLong NUMBERS = new AtomicLong();
  private static final int PORT_ATTEMPTS = 20;

  /** What is done on the signalling thread. */
  @FunctionalInterface
  interface Signalling {
    void run() throws SipException, InvalidArgumentException, ParseException, IOException;
  }

  private final InetSocketAddress address;
  private final ThreadGroup threads;
  private final SipStack stack;
  private final SipProvider provider;
  private final SipMessages messages;
  private final RtpLoop rtpLoop;
  private final ScheduledExecutorService signalling;
  private final Set<PhoneCall> calls = ConcurrentHashMap.newKeySet();
  private final BlockingQueue<IncomingCall> incoming = new LinkedBlockingQueue<>();
  private final AtomicLong optionsReceived = new AtomicLong();
  private final Optional<Answering> answering;

  private SoftPhone(Optional<Answering> answering)
      throws IOException, SipException, InvalidArgumentException, TooManyListenersException {
    this.answering = answering;
    String name = "soft-phone-" + ProcessHandle.current().pid() + "-" + NUMBERS.incrementAndGet();
    address = new InetSocketAddress(InetAddress.getLoopbackAddress(), SipPorts.free());
    SipFactory factory = SipFactory.getInstance();
    threads = new ThreadGroup(name);
    stack = open(() -> factory.createSipStack(properties(name)));
    messages = new SipMessages(factory, address);
    rtpLoop = new RtpLoop(name + "-rtp");
    signalling =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, name + "-sip");
              thread.setDaemon(true);
              return thread;
            });
    provider = open(() -> SipPorts.listen(stack, address));
    provider.addSipListener(new SipEvents(this));
    SipPorts.awaitAnswer(address);
    optionsReceived.set(0); // Not counting those that waited for the stack to be up.
  }

  /** A phone that only places calls; it answers those it gets with 486. */
  public static SoftPhone create() {
    return open(Optional.empty());
  }

  /** A phone that also takes every call, in the way given. */
  public static SoftPhone answering(Answering answering) {
    return open(Optional.of(answering));
  }

  private static SoftPhone open(Optional<Answering> answering) {
    for (int attempt = 1; ; attempt++) {
      try {
        return new SoftPhone(answering);
      } catch (IOException
          | SipException
          | InvalidArgumentException
          | TooManyListenersException e) {
        // Somebody may have taken the port between our looking and our binding.
        if (attempt == PORT_ATTEMPTS) {
          throw new IllegalStateException("no SIP phone can be opened on loopback", e);
        }
        LOG.debug("attempt {} to open a phone", attempt, e);
      }
    }
  }

  /** Where the phone can be called. */
  public InetSocketAddress address() {
    return address;
  }

  /** A SIP URI that reaches this phone. */
  public String uri(String user) {
    return "sip:" + user + "@" + address.getAddress().getHostAddress() + ":" + address.getPort();
  }

  /** Places a call. What goes wrong from here on is told by {@link PhoneCall#answered}. */
  public PhoneCall call(CallOptions options) {
    OutgoingCall call;
    try {
      call = new OutgoingCall(this, options);
    } catch (IOException e) {
      throw new IllegalStateException("no socket for RTP", e);
    }
    calls.add(call);
    signal(
        () -> {
          try {
            call.begin();
          } catch (ParseException | InvalidArgumentException e) {
            call.fail(new CallFailed(400, "bad call options: " + e, Optional.empty()));
          }
        });
    return call;
  }

  /** The calls that came and have not been taken from here, the oldest first. */
  public BlockingQueue<IncomingCall> incoming() {
    return incoming;
  }

  /** How many OPTIONS outside of calls the phone got, and answered. */
  public long optionsReceived() {
    return optionsReceived.get();
  }

  /** Ends all calls without a word, and closes all sockets. */
  @Override
  public void close() {
    signalling.shutdownNow();
    for (PhoneCall call : calls) {
      call.rtp.close();
      call.ended.complete(HangupCause.LOCAL_BYE);
    }
    stack.stop();
    threads.interrupt();
    rtpLoop.close();
  }

  RtpLoop rtpLoop() {
    return rtpLoop;
  }

  SipProvider provider() {
    return provider;
  }

  SipMessages messages() {
    return messages;
  }

  void forget(PhoneCall call) {
    calls.remove(call);
  }

  void countOptions() {
    optionsReceived.incrementAndGet();
  }

  void signal(Signalling task) {
    signalIn(Duration.ZERO, task);
  }

  void signalIn(Duration delay, Signalling task) {
    try {
      var unused = signalling.schedule(() -> perform(task), delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("the phone is closed", e);
    }
  }

  private static void perform(Signalling task) {
    try {
      task.run();
    } catch (Exception e) { // The top of the signalling thread's tasks.
      LOG.warn("signalling failed", e);
    }
  }

  void send(PhoneCall call, Dialog dialog, Request request) throws SipException {
    ClientTransaction transaction = provider.getNewClientTransaction(request);
    call.owns(transaction);
    dialog.sendRequest(transaction);
  }

  /** An INVITE outside of all calls. */
  void invited(ServerTransaction transaction)
      throws SipException, InvalidArgumentException, ParseException, IOException {
    if (answering.isEmpty()) {
      transaction.sendResponse(messages.response(486, transaction.getRequest()));
      return;
    }
    IncomingCall call = new IncomingCall(this, answering.get(), transaction);
    calls.add(call);
    call.begin();
    incoming.add(call);
  }

  /**
   * Makes a part of the stack on a thread of our group, to which all of the stack's threads then
   * belong. Some of them wait for ever and would keep the JVM alive; {@link #close} interrupts
   * them.
   */
  private <T> T open(Callable<T> part) throws SipException {
    FutureTask<T> opening = new FutureTask<>(part);
    new Thread(threads, opening, threads.getName() + "-open").start();
    try {
      return opening.get();
    } catch (ExecutionException e) {
      throw new SipException("the SIP stack does not open", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SipException("interrupted", e);
    }
  }

  private static Properties properties(String name) {
    Properties properties = new Properties();
    properties.setProperty("javax.sip.STACK_NAME", name);
    properties.setProperty("gov.nist.javax.sip.STACK_LOGGER", QuietStackLogger.class.getName());
    properties.setProperty("gov.nist.javax.sip.SERVER_LOGGER", QuietServerLogger.class.getName());
    properties.setProperty("gov.nist.javax.sip.THREAD_POOL_SIZE", "2");
    properties.setProperty("gov.nist.javax.sip.REENTRANT_LISTENER", "true");
    properties.setProperty("gov.nist.javax.sip.DELIVER_UNSOLICITED_NOTIFY", "true");
    return properties;
  }
}
