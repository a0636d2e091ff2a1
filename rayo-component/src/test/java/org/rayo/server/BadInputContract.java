package org.rayo.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.server.Site.ANSWER;
import static org.rayo.server.Site.HANGUP;
import static org.rayo.server.Site.PAUSE;
import static org.rayo.server.Site.RECORD;
import static org.rayo.server.Site.RESUME;
import static org.rayo.server.Site.STOP;
import static org.rayo.server.Site.await;
import static org.rayo.server.Site.expectResult;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jivesoftware.smack.packet.IQ;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.testkit.client.RayoClient;
import org.rayo.testkit.client.Received;
import org.rayo.testkit.phone.PhoneCall;
import org.slf4j.LoggerFactory;

/**
 * Whatever a client sends, it gets the error that the table of conformance says, and nobody else
 * notices.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class BadInputContract {

  private static final String NOT_IMPLEMENTED = "feature-not-implemented/cancel";
  private static final String BAD_OPTION = "feature-not-implemented/modify";
  private static final String BAD_REQUEST = "bad-request/modify";
  private static final String NOT_FOUND = "item-not-found/cancel";
  private static final String NOT_NOW = "unexpected-request/wait";
  private static final String CONFLICT = "conflict/cancel";

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  Site site;
  RayoClient client;
  private RayoClient stranger;

  /** A site on the XMPP server that is to be tested. */
  abstract Site start(Path directory) throws Exception;

  @BeforeAll
  void startSite(@TempDir Path directory) throws Exception {
    site = start(directory);
    stranger = site.client("juliet", "orchard");
    client = site.availableClient("romeo", "balcony");
    log.start();
    rayoLog().addAppender(log);
  }

  @AfterAll
  void closeSite() {
    rayoLog().detachAppender(log);
    if (site != null) {
      site.close();
    }
  }

  private static Logger rayoLog() {
    return (Logger) LoggerFactory.getLogger("org.rayo");
  }

  /** The client is refused, with its own element back, for a reason that it can read. */
  private static void expectError(
      RayoClient sender, String to, String command, String error, String inText) {
    expectError(sender.command(to, command), to, command, error, inText);
  }

  private static void expectError(
      Received answer, String to, String command, String error, String inText) {
    assertThat(answer.type()).as("%s to %s: %s", command, to, answer.xml()).isEqualTo("error");
    assertThat(answer.error()).as("%s to %s: %s", command, to, answer.xml()).isEqualTo(error);
    assertThat(answer.errorText()).as("%s to %s", command, to).contains(inText);
    assertThat(answer.from()).isEqualTo(to);
    String name = command.substring(1).split("[ />]", 2)[0];
    assertThat(answer.child(name)).as("the echo of %s: %s", command, answer.xml()).isPresent();
    assertThat(answer.xml().indexOf("<" + name)).isLessThan(answer.xml().indexOf("<error"));
    for (String attribute : command.substring(0, command.indexOf('>')).split(" ", -1)) {
      if (attribute.contains("='") && !attribute.startsWith("xmlns") && attribute.contains("-")) {
        assertThat(answer.xml()).contains(attribute.substring(0, attribute.indexOf('=')));
      }
    }
  }

  private static String record(String attributes, String content) {
    return "<record xmlns='urn:xmpp:rayo:record:1' " + attributes + ">" + content + "</record>";
  }

  /** Written out with its quotes escaped, it is more than an XMPP server takes from us. */
  @Test
  void command_whoseEchoWouldBeLarge_isRefusedWithoutIt() throws Exception {
    String format = "\"".repeat(60_000);
    Received answer =
        client.command("nobody@" + site.domain, record("format='" + format + "'", ""));
    assertThat(answer.type()).isEqualTo("error");
    assertThat(answer.xml()).hasSizeLessThan(10_000);
    allIsWell();
  }

  /** After all that, nothing is broken: the stream lives and a call is recorded. */
  private void allIsWell() throws Exception {
    site.settle(client);
    Site.Answered answered = site.answeredCall(client);
    String component = expectResult(client.command(answered.address(), RECORD)).ref();
    expectResult(client.command(component, STOP));
    assertThat(client.awaitEvent(component, "complete").reason()).isEqualTo("stop");
    answered.call().hangup();
    client.awaitEvent(answered.address(), "end");
    assertThat(
            List.copyOf(log.list).stream()
                .filter(
                    event ->
                        event.getLevel().isGreaterOrEqual(Level.ERROR)
                            || (event.getThrowableProxy() != null
                                && event.getLevel().isGreaterOrEqual(Level.WARN)))
                .map(event -> event.getLevel() + " " + event.getFormattedMessage()))
        .isEmpty();
  }

  @Test
  void commands_toWhatNeverWasOrIsOver_areItemNotFound() throws Exception {
    String nobody = "nosuchcall@" + site.component();
    for (String command : List.of(ANSWER, HANGUP, RECORD, Site.ACCEPT)) {
      expectError(client, nobody, command, NOT_FOUND, "nosuchcall");
    }
    for (String command : List.of(STOP, PAUSE, RESUME)) {
      expectError(client, nobody + "/nosuchthing", command, NOT_FOUND, "nosuchcall");
    }
    Site.Answered answered = site.answeredCall(client);
    String never = answered.address() + "/nosuchthing";
    for (String command : List.of(STOP, PAUSE, RESUME)) {
      expectError(client, never, command, NOT_FOUND, "component");
    }
    String component = expectResult(client.command(answered.address(), RECORD)).ref();
    expectResult(client.command(component, STOP));
    client.awaitEvent(component, "complete");
    for (String command : List.of(STOP, PAUSE, RESUME)) {
      expectError(client, component, command, NOT_FOUND, "component");
    }
    answered.call().hangup();
    client.awaitEvent(answered.address(), "end");
    for (String command : List.of(ANSWER, HANGUP, RECORD)) {
      expectError(
          client, answered.address(), command, NOT_FOUND, answered.address().split("@", 2)[0]);
    }
    allIsWell();
  }

  @Test
  void commands_ofAStrangerAndOfARival_areConflicts() throws Exception {
    PhoneCall call = site.ring();
    String address = site.newOffer(client).from();
    expectError(stranger, address, ANSWER, CONFLICT, "not offered");
    expectError(stranger, address, HANGUP, CONFLICT, "not offered");
    expectResult(client.command(address, ANSWER));
    await(call.answered());
    expectError(stranger, address, HANGUP, CONFLICT, "another party");
    expectError(stranger, address, RECORD, CONFLICT, "another party");
    String component = expectResult(client.command(address, RECORD)).ref();
    for (String command : List.of(STOP, PAUSE, RESUME)) {
      expectError(stranger, component, command, CONFLICT, "another party");
    }
    RayoClient otherResource = site.client("romeo", "garden");
    expectError(otherResource, component, STOP, CONFLICT, "another party");
    expectResult(client.command(component, STOP));
    client.awaitEvent(component, "complete");
    call.hangup();
    Received end = client.awaitEvent(address, "end");
    assertThat(end.reason()).isEqualTo("hungup");
    // Whoever sent a command hears of the end, though it was refused.
    stranger.awaitEvent(address, "end");
    assertThat(stranger.received().stream().filter(s -> s.isEvent("complete"))).isEmpty();
    allIsWell();
  }

  @Test
  void commands_outOfTurn_areUnexpectedRequests() throws Exception {
    PhoneCall call = site.ring();
    String address = site.newOffer(client).from();
    expectResult(client.command(address, Site.ACCEPT));
    expectError(client, address, Site.ACCEPT, NOT_NOW, "accepted already");
    expectResult(client.command(address, ANSWER));
    await(call.answered());
    String component = expectResult(client.command(address, RECORD)).ref();
    expectError(client, component, RESUME, NOT_NOW, "not paused");
    expectResult(client.command(component, PAUSE));
    expectError(client, component, PAUSE, NOT_NOW, "paused already");
    expectResult(client.command(component, RESUME));
    String first = client.sendCommand(component, STOP);
    String second = client.sendCommand(component, STOP);
    expectResult(client.await(first));
    assertThat(client.await(second).error()).isIn(NOT_NOW, NOT_FOUND);
    client.awaitEvent(component, "complete");
    assertThat(Site.of(client, address).stream().filter(s -> s.isEvent("complete")).toList())
        .hasSize(1);
    call.hangup();
    client.awaitEvent(address, "end");
    allIsWell();
  }

  @Test
  void commands_toTheWrongThing_areNotImplemented() throws Exception {
    Site.Answered answered = site.answeredCall(client);
    String address = answered.address();
    String component = expectResult(client.command(address, RECORD)).ref();
    expectError(client, component, HANGUP, NOT_IMPLEMENTED, "component");
    expectError(client, component, ANSWER, NOT_IMPLEMENTED, "component");
    expectError(client, component, RECORD, NOT_IMPLEMENTED, "component");
    for (String command : List.of(STOP, PAUSE, RESUME)) {
      expectError(client, address, command, NOT_IMPLEMENTED, "component");
    }
    String dial = "<dial xmlns='urn:xmpp:rayo:1' to='tel:+14085550100'/>";
    expectError(client, address, dial, NOT_IMPLEMENTED, "server");
    expectError(client, component, dial, NOT_IMPLEMENTED, "server");
    String server = site.component();
    expectError(client, server, HANGUP, NOT_IMPLEMENTED, "server");
    expectError(client, server, STOP, NOT_IMPLEMENTED, "server");
    Map<String, String> unknown =
        Map.of(
            "<dance xmlns='urn:xmpp:rayo:1'/>", "dance",
            "<record xmlns='urn:xmpp:rayo:1'/>", "record",
            "<sendfax xmlns='urn:xmpp:rayo:fax:1'/>", "sendfax");
    unknown.forEach(
        (command, name) -> {
          for (String to : List.of(server, address, component)) {
            expectError(client, to, command, NOT_IMPLEMENTED, name);
          }
        });
    Received elsewhere = client.command(address, "<query xmlns='jabber:iq:version'/>");
    assertThat(elsewhere.error()).isEqualTo("service-unavailable/cancel");
    expectResult(client.command(component, STOP));
    client.awaitEvent(component, "complete");
    expectResult(client.command(address, HANGUP));
    client.awaitEvent(address, "end");
    allIsWell();
  }

  @Test
  void record_badValues_areRefusedAndNameTheValue() throws Exception {
    Site.Answered answered = site.answeredCall(client);
    String address = answered.address();
    for (String name : List.of("start-beep", "stop-beep", "start-paused", "mix")) {
      for (String value : List.of("", "yes", "TRUE", "2", "truefalse")) {
        expectError(client, address, record(name + "='" + value + "'", ""), BAD_REQUEST, name);
      }
    }
    for (String name : List.of("max-duration", "initial-timeout", "final-timeout")) {
      for (String value :
          List.of("", "0", "-2", "1.5", "1e3", "ten", "9223372036854775808", "0x10", "1|2")) {
        expectError(client, address, record(name + "='" + value + "'", ""), BAD_REQUEST, name);
      }
    }
    expectError(client, address, record("max-duration='none'", ""), BAD_REQUEST, "none");
    expectError(client, address, record("initial-timeout='0|none'", ""), BAD_REQUEST, "0|none");
    expectError(client, address, record("format=''", ""), BAD_REQUEST, "format");
    expectError(client, address, record("format='mp3 wav'", ""), BAD_REQUEST, "mp3 wav");
    expectError(client, address, record("format='h264'", ""), BAD_OPTION, "h264");
    expectError(client, address, record("direction='both'", ""), BAD_REQUEST, "both");
    expectError(client, address, record("direction=''", ""), BAD_REQUEST, "direction");
    expectError(
        client, address, record("direction='send' duplex='true'", ""), BAD_REQUEST, "duplex");
    expectError(client, address, record("to='/etc/passwd'", ""), BAD_OPTION, "to");
    expectError(client, address, record("loudness='11'", ""), BAD_OPTION, "loudness");
    expectError(client, address, record("", "now"), BAD_REQUEST, "now");
    expectError(client, address, record("", "<hint/>"), BAD_REQUEST, "hint");
    expectError(client, address, record("", "<hint name='quality'/>"), BAD_REQUEST, "value");
    expectError(client, address, record("", "<hint value='4'/>"), BAD_REQUEST, "name");
    expectError(
        client, address, record("", "<hint name='a' value='b'>c</hint>"), BAD_REQUEST, "hint");
    for (String value : List.of("10", "-1", "", "best")) {
      expectError(
          client,
          address,
          record("", "<hint name='quality' value='" + value + "'/>"),
          BAD_REQUEST,
          "quality");
    }
    expectError(
        client, address, record("", "<hint name='bitrate' value='5'/>"), BAD_REQUEST, "bitrate");
    expectError(
        client,
        address,
        record("", "<tint xmlns='urn:xmpp:rayo:record:1' name='a' value='b'/>"),
        BAD_OPTION,
        "tint");
    assertThat(Site.of(client, address).stream().filter(s -> s.child("ref").isPresent())).isEmpty();
    answered.call().hangup();
    client.awaitEvent(address, "end");
    allIsWell();
  }

  @Test
  void callCommands_badContent_isRefused() throws Exception {
    PhoneCall call = site.ring();
    String address = site.newOffer(client).from();
    String reject = "<reject xmlns='urn:xmpp:rayo:1'>%s</reject>";
    for (String reasons : List.of("", "<busy/><decline/>", "<bored/>", "no", "<busy>x</busy>")) {
      expectError(client, address, reject.formatted(reasons), BAD_REQUEST, "");
    }
    String redirect = "<redirect xmlns='urn:xmpp:rayo:1' to='%s'/>";
    for (String to : List.of("", "nobody", "http://example.org/", "sip:a b", "sip:é@example.org")) {
      expectError(client, address, redirect.formatted(to), BAD_REQUEST, "to");
    }
    expectError(client, address, "<redirect xmlns='urn:xmpp:rayo:1'/>", BAD_REQUEST, "to");
    String accept = "<accept xmlns='urn:xmpp:rayo:1'>%s</accept>";
    for (String header :
        List.of(
            "<header/>",
            "<header name='X-A'/>",
            "<header name='' value='b'/>",
            "<header name='X A' value='b'/>",
            "<header name='X-A&#13;&#10;Via' value='c'/>")) {
      expectError(client, address, accept.formatted(header), BAD_REQUEST, "header");
    }
    expectError(client, address, "<answer xmlns='urn:xmpp:rayo:1' fast='1'/>", BAD_OPTION, "fast");
    expectError(client, address, "<hangup xmlns='urn:xmpp:rayo:1'>x</hangup>", BAD_REQUEST, "x");
    assertThat(call.statusesReceived()).doesNotContain(180, 200, 302, 486, 603);
    expectResult(client.command(address, reject.formatted("<busy/>")));
    client.awaitEvent(address, "end");
    allIsWell();
  }

  @Test
  void iq_thatIsNoCommand_isABadRequest() throws Exception {
    Site.Answered answered = site.answeredCall(client);
    String address = answered.address();
    expectError(
        client.await(client.sendIq(IQ.Type.get, address, RECORD)),
        address,
        RECORD,
        BAD_REQUEST,
        "set");
    List<String> contents =
        new ArrayList<>(List.of("", RECORD + RECORD, HANGUP + RECORD, "record it, please"));
    for (int i = 0; i < contents.size(); i++) {
      String id = "odd" + i;
      client.sendText(
          "<iq type='set' id='" + id + "' to='" + address + "'>" + contents.get(i) + "</iq>");
      Received answer = client.await(id);
      assertThat(answer.error()).as(answer.xml()).isEqualTo(BAD_REQUEST);
    }
    assertThat(answered.call().ended().toCompletableFuture()).isNotDone();
    answered.call().hangup();
    client.awaitEvent(address, "end");
    allIsWell();
  }
}
