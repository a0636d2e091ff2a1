package org.rayo.media.sip;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages that should not be, after each of which a proper call must still come in. */
class TortureTest {

  private Backend backend;

  @BeforeEach
  void start() throws Exception {
    backend = Backend.start();
  }

  @AfterEach
  void stop() {
    backend.closeLater();
  }

  /** Variations on a good INVITE, each bad in its own way. */
  private static List<String> bad(SipCaller caller) {
    String good = caller.text("INVITE", SipCaller.branch(), SipCaller.sdp(40000));
    List<String> all = new ArrayList<>();
    all.add("");
    all.add("\r\n\r\n");
    all.add("\0\0\0\0");
    all.add("hello\r\n\r\n");
    all.add("INVITE\r\n\r\n");
    all.add("INVITE sip:x SIP/2.0\r\n\r\n");
    all.add("SIP/2.0 200 OK\r\n\r\n");
    all.add("SIP/2.0 999999999999 What\r\n\r\n");
    all.add(good.replace("SIP/2.0\r\n", "SIP/7.0\r\n"));
    all.add(good.replace("SIP/2.0\r\n", "\r\n"));
    all.add(good.replace("INVITE sip:", "INVITE :::"));
    all.add(good.replace("INVITE sip:rayo@", "INVITE sip:%zz%@"));
    all.add(good.replaceFirst("Via: [^\r]*\r\n", ""));
    all.add(good.replaceFirst("Via: [^\r]*\r\n", "Via: \r\n"));
    all.add(good.replaceFirst("Via: [^\r]*\r\n", "Via: SIP/2.0/UDP\r\n"));
    all.add(good.replaceFirst("Via: [^\r]*\r\n", "Via: SIP/2.0/UDP a b c;;;=\r\n"));
    all.add(good.replaceFirst("From: [^\r]*\r\n", ""));
    all.add(good.replaceFirst("From: [^\r]*\r\n", "From: <<<>>>\r\n"));
    all.add(good.replaceFirst("From: [^\r]*\r\n", "From: \"unclosed <sip:a@b>;tag=1\r\n"));
    all.add(good.replaceFirst("To: [^\r]*\r\n", ""));
    all.add(good.replaceFirst("To: [^\r]*\r\n", "To: <sip:x@y>;tag=a;tag=b\r\n"));
    all.add(good.replaceFirst("Call-ID: [^\r]*\r\n", ""));
    all.add(good.replaceFirst("Call-ID: [^\r]*\r\n", "Call-ID: \r\n"));
    all.add(good.replaceFirst("CSeq: [^\r]*\r\n", ""));
    all.add(good.replaceFirst("CSeq: [^\r]*\r\n", "CSeq: -1 INVITE\r\n"));
    all.add(good.replaceFirst("CSeq: [^\r]*\r\n", "CSeq: 99999999999999999999 INVITE\r\n"));
    all.add(good.replaceFirst("CSeq: [^\r]*\r\n", "CSeq: 1 BYE\r\n"));
    all.add(good.replaceFirst("Contact: [^\r]*\r\n", ""));
    all.add(good.replaceFirst("Contact: [^\r]*\r\n", "Contact: *\r\n"));
    all.add(good.replaceFirst("Contact: [^\r]*\r\n", "Contact: <sip:[:::]>\r\n"));
    all.add(good.replaceFirst("Max-Forwards: [^\r]*\r\n", "Max-Forwards: -5\r\n"));
    all.add(good.replaceFirst("Content-Length: [0-9]+", "Content-Length: 1"));
    all.add(good.replaceFirst("Content-Length: [0-9]+", "Content-Length: x"));
    all.add(good.replaceFirst("Content-Type: [^\r]*", "Content-Type: /"));
    all.add(good.replaceFirst("Max-Forwards", "X: " + "(".repeat(20_000) + "\r\nMax-Forwards"));
    all.add(
        good.replaceFirst("Max-Forwards", "Subject: " + "a".repeat(30_000) + "\r\nMax-Forwards"));
    all.add(good.replaceFirst("Max-Forwards", "Route: <sip:a@b>,,,\r\nMax-Forwards"));
    all.add(good.replaceFirst("Max-Forwards", " folded: into nothing\r\nMax-Forwards"));
    all.add(good.replaceFirst("Max-Forwards", "No colon here\r\nMax-Forwards"));
    all.add(good.replaceFirst("Max-Forwards", "Reason: Q.850;cause=abc\r\nMax-Forwards"));
    all.add(good.replaceFirst("Max-Forwards", "X-Null: a\0b\r\nMax-Forwards"));
    all.add(good.replaceFirst("Max-Forwards", "V: SIP/2.0/TCP x\r\n".repeat(500) + "Max-Forwards"));
    all.add(good.replace("INVITE", "INV\u00cfTE"));
    all.add(good.replace("INVITE", "ACK"));
    all.add(good.replace("INVITE", "CANCEL"));
    all.add(good.replace("INVITE", "BYE"));
    all.add(good.replace("\r\n", "\n"));
    all.add(good.substring(0, good.length() / 2));
    Random random = new Random(7);
    for (int i = 0; i < 200; i++) {
      char[] text = good.toCharArray();
      for (int n = 0; n < 6; n++) {
        text[random.nextInt(text.length)] = (char) random.nextInt(256);
      }
      all.add(new String(text));
    }
    return all;
  }

  @Test
  void badMessages_overUdp_theNextCallComesIn() throws Exception {
    int count = 0;
    try (SipCaller sender = SipCaller.udp(backend.port())) {
      for (String message : bad(sender)) {
        sender.raw(message);
        count++;
        if (count < 50 || count % 25 == 0) {
          assertServed(message);
        }
      }
    }
    System.out.println("survived " + count + " bad messages over UDP");
  }

  @Test
  void badMessages_overTcp_theNextCallComesIn() throws Exception {
    int count = 0;
    try (SipCaller any = SipCaller.udp(backend.port())) {
      for (String message : bad(any).subList(0, 80)) {
        try (SipCaller sender = SipCaller.tcp(backend.port())) {
          sender.raw(message.replace("SIP/2.0/UDP", "SIP/2.0/TCP"));
        }
        count++;
        if (count % 8 == 0) {
          assertServed(message);
        }
      }
    }
    try (SipCaller proper = SipCaller.tcp(backend.port())) {
      proper.inDialog("OPTIONS", "");
      assertThat(proper.awaitFinal("OPTIONS").status()).isEqualTo(200);
    }
    System.out.println("survived " + count + " bad messages over TCP");
  }

  private void assertServed(String after) throws Exception {
    try (SipCaller proper = SipCaller.udp(backend.port())) {
      proper.inDialog("OPTIONS", "");
      assertThat(proper.awaitFinal("OPTIONS").status())
          .as("after %s", after.substring(0, Math.min(80, after.length())))
          .isEqualTo(200);
    }
  }
}
