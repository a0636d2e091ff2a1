package org.rayo.media.sip;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * The messages of RFC 4475, made anew from what its sections say they exercise.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc4475">RFC 4475</a>
 */
final class TortureCorpus {

  /** A call comes in: 100, and the application hears of it. */
  static final int CALL = 100;

  /** Nothing is answered. */
  static final int NOTHING = 0;

  /** The stream was closed without an answer: as good as 400. */
  static final int CLOSED = -1;

  /**
   * One of them.
   *
   * @param section of the RFC
   * @param wanted any of these statuses, {@link #CALL} or {@link #NOTHING}
   * @param overTcp its end is seen on a stream too
   */
  record Message(
      String section, Function<SipCaller, String> text, Set<Integer> wanted, boolean overTcp) {}

  private TortureCorpus() {}

  static List<Message> all() {
    List<Message> all = new ArrayList<>();
    all.addAll(validSyntax());
    all.addAll(invalidSyntax());
    all.addAll(invalidLines());
    all.addAll(semantics());
    return all;
  }

  private static List<Message> validSyntax() {
    return List.of(
        new Message("3.1.1.1 short tortuous INVITE", TortureCorpus::tortuous, Set.of(CALL), true),
        new Message(
            "3.1.1.2 all characters of a method, of a URI, of a tag",
            c ->
                options(c)
                    .replace("OPTIONS", "!Very.un-usual_%Method*+`'~")
                    .replace("\"Ann\"", "\"'BEL:\\\u0007 NUL:\\\u0000 DEL:\\\u007f\"")
                    .replace("sip:ann@example.net", "sip:1_un.u!s'a*l(user)&=+$,;?/%00@e.net"),
            Set.of(405, 501),
            true),
        new Message(
            "3.1.1.3 escapes in URIs",
            c ->
                invite(c)
                    .replace("sip:rayo@127.0.0.1", "sip:r%61y%6F%40here@127.0.0.1")
                    .replace("sip:ann@example.net", "sip:%41nn%25@example.net;p%61r=%20"),
            Set.of(CALL),
            true),
        new Message(
            "3.1.1.4 escaped nulls",
            c -> register(c).replace("sip:ann@example.net", "sip:n%00ll-%00-%00@example.net"),
            Set.of(405),
            true),
        new Message(
            "3.1.1.5 a percent sign in a method is no escape",
            c -> options(c).replace("OPTIONS", "OPT%49ONS"),
            Set.of(405, 501),
            true),
        new Message(
            "3.1.1.6 no space before <",
            c -> options(c).replace("\"Ann\" <", "Ann<"),
            Set.of(200),
            true),
        new Message(
            "3.1.1.7 long values",
            c ->
                with(
                        invite(c),
                        "X-" + "VeryLong".repeat(20) + ": " + "value ".repeat(300),
                        "Via: SIP/2.0/UDP "
                            + "long-".repeat(40)
                            + "host.example.net;branch=z9hG4bK1")
                    .replace("\"Ann\"", "\"" + "Ann ".repeat(250) + "\"")
                    .replace(c.callId, c.callId + "x".repeat(200)),
            Set.of(CALL),
            true),
        new Message(
            "3.1.1.8 more octets than Content-Length",
            c -> register(c) + c.text("INVITE", SipCaller.branch(), SipCaller.sdp(40000)),
            Set.of(405),
            false),
        new Message(
            "3.1.1.9 parameters within the user part",
            c -> options(c).replace("sip:rayo@", "sip:user;par=u%40example.net;x@"),
            Set.of(200),
            true),
        new Message(
            "3.1.1.10 unknown transports in further Vias",
            c ->
                with(
                    options(c),
                    "Via: SIP/2.0/UNKNOWN t1.example.com;branch=z9hG4bKa",
                    "Via: SIP/2.0/TLS t2.example.com;branch=z9hG4bKb,"
                        + " SIP/2.0/SCTP t3.example.com;branch=z9hG4bKc"),
            Set.of(200),
            true),
        new Message(
            "3.1.1.11 a body in parts",
            c ->
                c.text(
                        "INVITE",
                        SipCaller.branch(),
                        String.join(
                            "\r\n",
                            "--b",
                            "Content-Type: text/plain",
                            "",
                            "hi",
                            "--b",
                            "Content-Type: application/octet-stream",
                            "",
                            "\u0000\u0001",
                            "--b--",
                            ""))
                    .replace("application/sdp", "multipart/mixed;boundary=b"),
            Set.of(415),
            true),
        new Message(
            "3.1.1.12 a reason phrase of other scripts",
            c -> response(c, "200 = 2**3 * 5**2 \u043d\u043e \u0441\u0442\u043e"),
            Set.of(NOTHING),
            true),
        new Message(
            "3.1.1.13 an empty reason phrase", c -> response(c, "100 "), Set.of(NOTHING), true));
  }

  private static List<Message> invalidSyntax() {
    return List.of(
        new Message(
            "3.1.2.1 separators without values",
            c ->
                invite(c)
                    .replace(";rport", ";;,;,,;rport")
                    .replace("To: <sip:rayo@example.org>", "To: <sip:rayo@example.org>;;;tag=;,"),
            Set.of(400, NOTHING),
            true),
        new Message(
            "3.1.2.2 Content-Length beyond the datagram",
            c -> invite(c).replaceFirst("Content-Length: [0-9]+", "Content-Length: 9999"),
            Set.of(400),
            false),
        new Message(
            "3.1.2.3 negative Content-Length",
            c -> invite(c).replaceFirst("Content-Length: [0-9]+", "Content-Length: -999"),
            Set.of(400),
            false),
        new Message(
            "3.1.2.4 numbers too large in a request",
            c ->
                with(
                    register(c)
                        .replaceFirst("CSeq: [0-9]+", "CSeq: 36893488147419103232")
                        .replace("Max-Forwards: 70", "Max-Forwards: 300"),
                    "Expires: " + "10".repeat(60)),
            Set.of(400),
            true),
        new Message(
            "3.1.2.5 numbers too large in a response",
            c ->
                with(
                    response(c, "503 Service Unavailable")
                        .replaceFirst("CSeq: [0-9]+", "CSeq: 9292394834772304023312"),
                    "Retry-After: 949302838503028349304023988",
                    "Warning: 1812 overture \"In progress\""),
            Set.of(NOTHING),
            true),
        new Message(
            "3.1.2.6 a quoted string without an end",
            c -> invite(c).replace("To: <", "To: \"Mr. R. A. Yo <"),
            Set.of(400),
            true),
        new Message(
            "3.1.2.7 <> around the Request-URI",
            c -> invite(c).replaceFirst("INVITE (sip:\\S+) ", "INVITE <$1> "),
            Set.of(400),
            true),
        new Message(
            "3.1.2.8 spaces within the Request-URI",
            c -> invite(c).replaceFirst("INVITE (sip:\\S+) ", "INVITE $1; lr "),
            Set.of(400),
            true),
        new Message(
            "3.1.2.9 more than one space in the request line",
            c -> invite(c).replaceFirst("INVITE (sip:\\S+) ", "INVITE  $1  "),
            Set.of(400, CALL),
            true),
        new Message(
            "3.1.2.10 spaces after the request line",
            c -> options(c).replaceFirst("SIP/2.0\r\n", "SIP/2.0  \r\n"),
            Set.of(400, 200),
            true));
  }

  private static List<Message> invalidLines() {
    return List.of(
        new Message(
            "3.1.2.11 escaped headers in the Request-URI",
            c -> invite(c).replaceFirst("INVITE (sip:\\S+) ", "INVITE $1?Route=%3Csip:e.com%3E "),
            Set.of(400, CALL),
            true),
        new Message(
            "3.1.2.12 a date in another zone",
            c -> with(options(c), "Date: Fri, 01 Jan 2010 16:00:00 EST"),
            Set.of(400, 200),
            true),
        new Message(
            "3.1.2.13 an address with a comma that is not enclosed",
            c -> register(c).replaceFirst("Contact: [^\r]*", "Contact: sip:u@e.com?Route=%3C,x"),
            Set.of(400, 405),
            true),
        new Message(
            "3.1.2.14 spaces within <>",
            c -> options(c).replace("<sip:rayo@example.org>", "< sip:rayo@example.org >"),
            Set.of(400, 200),
            true),
        new Message(
            "3.1.2.15 a display name that is no token",
            c -> options(c).replace("\"Ann\"", "Bell, Alexander"),
            Set.of(400, 200),
            true),
        new Message(
            "3.1.2.16 SIP/7.0",
            c -> options(c).replaceFirst("SIP/2.0\r\n", "SIP/7.0\r\n"),
            Set.of(505),
            true),
        new Message(
            "3.1.2.17 CSeq of another method",
            c -> options(c).replaceFirst("CSeq: ([0-9]+) OPTIONS", "CSeq: $1 INVITE"),
            Set.of(400),
            true),
        new Message(
            "3.1.2.18 an unknown method, CSeq of another",
            c ->
                options(c)
                    .replaceFirst("CSeq: ([0-9]+) OPTIONS", "CSeq: $1 INVITE")
                    .replaceFirst("OPTIONS", "NEWMETHOD"),
            Set.of(400, 501),
            true),
        new Message(
            "3.1.2.19 a status too large",
            c -> response(c, "4294967301 better not break the receiver"),
            Set.of(NOTHING),
            true));
  }

  private static List<Message> semantics() {
    return List.of(
        new Message(
            "3.2.1 no transaction identifier",
            c -> options(c).replaceFirst("branch=z9hG4bK[0-9a-f]*", "branch=z9hG4bK"),
            Set.of(200, 400),
            true),
        new Message(
            "3.3.1 header fields that are missing",
            c ->
                invite(c)
                    .replaceFirst("Call-ID: [^\r]*\r\n", "")
                    .replaceFirst("From: [^\r]*\r\n", "")
                    .replaceFirst("To: [^\r]*\r\n", ""),
            Set.of(400, NOTHING),
            true),
        new Message(
            "3.3.2 an unknown scheme",
            c -> options(c).replaceFirst("sip:rayo@[^ ]*", "nobodyKnowsThis:totallyopaque"),
            Set.of(416),
            true),
        new Message(
            "3.3.3 a known scheme that is none of SIP's",
            c -> options(c).replaceFirst("sip:rayo@[^ ]*", "soap.beep://192.0.2.103:3002"),
            Set.of(416),
            true),
        new Message(
            "3.3.4 unknown schemes in header fields",
            c ->
                register(c)
                    .replace("<sip:rayo@example.org>", "<isbn:2983792873>")
                    .replace("<sip:ann@example.net>", "<http://www.example.com>"),
            Set.of(405, 400),
            true),
        new Message(
            "3.3.5 an extension that is required",
            c -> with(options(c), "Require: nothingSupportsThis, nothingSupportsThisEither"),
            Set.of(420),
            true),
        new Message(
            "3.3.6 an unknown type of body",
            c -> invite(c).replace("application/sdp", "application/unknownformat"),
            Set.of(415),
            true),
        new Message(
            "3.3.7 an unknown way to authenticate",
            c -> with(register(c), "Authorization: NoOneKnowsThis opaque-data=here"),
            Set.of(405),
            true),
        new Message(
            "3.3.8 fields twice that may come once",
            c ->
                with(
                    invite(c),
                    "CSeq: 59 INVITE",
                    "Call-ID: another@example.net",
                    "From: <sip:other@example.net>;tag=3141593",
                    "Max-Forwards: 5",
                    "To: <sip:third@example.net>"),
            Set.of(400, CALL),
            true),
        new Message(
            "3.3.9 two unlike Content-Lengths",
            c -> with(options(c), "Content-Length: 8"),
            Set.of(400, 200),
            false),
        new Message(
            "3.3.10 a response to the broadcast address",
            c ->
                response(c, "200 OK")
                    .replaceFirst("Via: ([^ ]+) [^;]*", "Via: $1 255.255.255.255;x"),
            Set.of(NOTHING),
            true),
        new Message(
            "3.3.11 Max-Forwards: 0",
            c -> options(c).replace("Max-Forwards: 70", "Max-Forwards: 0"),
            Set.of(200, 483),
            true),
        new Message(
            "3.3.12 a REGISTER with a Contact parameter",
            c -> register(c).replaceFirst("Contact: [^\r]*", "Contact: sip:a@e.com;unknownparam"),
            Set.of(405),
            true),
        new Message(
            "3.3.13 a REGISTER with a URI parameter",
            c -> register(c).replaceFirst("Contact: [^\r]*", "Contact: <sip:a@e.com;unknownparam>"),
            Set.of(405),
            true),
        new Message(
            "3.3.14 a REGISTER with an escaped header",
            c ->
                register(c)
                    .replaceFirst(
                        "Contact: [^\r]*", "Contact: <sip:a@e.com?Route=%3Csip:sip.e.com%3E>"),
            Set.of(405),
            true),
        new Message(
            "3.3.15 an answer that may not be SDP",
            c -> with(invite(c), "Accept: text/nobodyKnowsThis"),
            Set.of(406),
            true),
        new Message(
            "3.4.1 an INVITE of RFC 2543",
            c ->
                invite(c)
                    .replaceFirst(";branch=[^;\r]*", "")
                    .replaceFirst("Max-Forwards: [^\r]*\r\n", "")
                    .replaceFirst(";tag=" + c.fromTag, "")
                    .replaceFirst("Content-Length: [0-9]+", "l: 0")
                    .replaceFirst("(?s)Content-Type: [^\r]*\r\n(.*)\r\n\r\n.*", "$1\r\n\r\n"),
            Set.of(CALL),
            true));
  }

  private static String tortuous(SipCaller caller) {
    String plain = invite(caller);
    String via = line(plain, "Via");
    String body = plain.substring(plain.indexOf("\r\n\r\n") + 4);
    return String.join(
        "\r\n",
        plain.lines().findFirst().orElseThrow(),
        "TO :",
        " sip:rayo@example.org ;   x=\"y\\\"z\"",
        "from   : \"Ann \\\\\\\"the folded\\\\\\\" caller\"       <sip:ann@example.net>",
        "  ;",
        "  tag",
        " = " + caller.fromTag,
        "MaX-fOrWaRdS: 0068",
        "Call-ID: " + caller.callId,
        "cseq: 0009",
        "  INVITE",
        "V  : " + via.replace(";", "\r\n ;  "),
        "Subject :",
        "NewFangledHeader:   newfangled value",
        " continued newfangled value",
        "UnknownHeaderWithUnusualValue: ;;,,;;,;",
        "Content-Type: application/sdp",
        "m:\"Quoted string \\\"\\\"\" <sip:ann@127.0.0.1:" + caller.port() + "> ; newparam =",
        "      newvalue ;",
        "  secondparam ; q = 0.33",
        "l : " + body.length(),
        "",
        body);
  }

  private static String line(String text, String name) {
    return Arrays.stream(text.split("\r\n"))
        .filter(l -> l.startsWith(name + ": "))
        .findFirst()
        .orElseThrow()
        .substring(name.length() + 2);
  }

  private static String invite(SipCaller caller) {
    return caller.text("INVITE", SipCaller.branch(), SipCaller.sdp(40000));
  }

  private static String options(SipCaller caller) {
    return caller.text("OPTIONS", SipCaller.branch(), "");
  }

  private static String register(SipCaller caller) {
    return caller.text("REGISTER", SipCaller.branch(), "");
  }

  private static String response(SipCaller caller, String status) {
    return options(caller).replaceFirst("OPTIONS [^\r]*", "SIP/2.0 " + status);
  }

  /** With more header lines, before the last one. */
  private static String with(String text, String... headers) {
    return text.replaceFirst(
        "Max-Forwards:",
        java.util.regex.Matcher.quoteReplacement(
            String.join("\r\n", headers) + "\r\nMax-Forwards:"));
  }
}
