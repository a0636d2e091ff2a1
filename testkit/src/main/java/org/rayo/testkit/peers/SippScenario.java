package org.rayo.testkit.peers;

/**
 * Writes SIPp's scenarios. The marks that end a message stand at the start of their lines: blanks
 * before them would be sent, and on TCP be taken for the start of the next message.
 */
final class SippScenario {

  private static final String INVITE =
      """
        <send retrans="500"><![CDATA[
      INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
      Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=z9hG4bK-[pid]-[call_number]
      From: <sip:sipp@[local_ip]:[local_port]>;tag=[pid]-[call_number]
      To: <sip:[service]@[remote_ip]:[remote_port]>
      Call-ID: [call_id]
      CSeq: 1 INVITE
      Contact: <sip:sipp@[local_ip]:[local_port];transport=[transport]>
      Max-Forwards: 70
      Content-Type: application/sdp
      Content-Length: [len]

      v=0
      o=sipp 1 1 IN IP[local_ip_type] [local_ip]
      s=-
      c=IN IP[media_ip_type] [media_ip]
      t=0 0
      m=audio [rtpstream_audio_port] RTP/AVP %s

      ]]></send>
        <recv response="100" optional="true"/>
      """;

  /** Payload types, and the attributes that name them. */
  private static final String ULAW_OFFER = "0 8\na=rtpmap:0 PCMU/8000\na=rtpmap:8 PCMA/8000";

  private static final String ALAW_OFFER = "8\na=rtpmap:8 PCMA/8000";

  private static final String ANSWER =
      """
        <recv response="180" optional="true"/>
        <recv response="183" optional="true"/>
        <recv response="200" rrs="true"/>
      """;

  private static final String SPEAK =
      """
        <nop><action><exec rtp_stream="audio.g711,1,%s"/></action></nop>
      """;

  private static final String CANCELLED =
      """
        <recv response="200"/>
        <recv response="487"/>
      """;

  private static final String AWAIT_BYE =
      """
        <recv request="BYE"/>
        <send><![CDATA[
      SIP/2.0 200 OK
      [last_Via:]
      [last_From:]
      [last_To:]
      [last_Call-ID:]
      [last_CSeq:]
      Content-Length: 0

      ]]></send>
      """;

  private SippScenario() {}

  /** The scenario of one call. */
  static String of(SippCall call) {
    StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n");
    xml.append("<scenario name=\"caller\">\n")
        .append(INVITE.formatted(call.alaw() ? ALAW_OFFER : ULAW_OFFER));
    String speak = SPEAK.formatted(call.alaw() ? "8,PCMA/8000" : "0,PCMU/8000");
    String pause = "  <pause milliseconds=\"" + call.hold().toMillis() + "\"/>\n";
    switch (call.ending()) {
      case CALLER_HANGS_UP ->
          xml.append(ANSWER)
              .append(request("ACK", "[next_url]", 1, "[last_To:]", ""))
              .append(speak)
              .append(pause)
              .append(request("BYE", "[next_url]", 2, "[last_To:]", " retrans=\"500\""))
              .append("  <recv response=\"200\"/>\n");
      case CALLEE_HANGS_UP ->
          xml.append(ANSWER)
              .append(request("ACK", "[next_url]", 1, "[last_To:]", ""))
              .append(speak)
              .append(AWAIT_BYE);
      case CANCEL -> {
        String target = "sip:[service]@[remote_ip]:[remote_port]";
        xml.append("  <recv response=\"180\"/>\n")
            .append(pause)
            .append(request("CANCEL", target, 1, "To: <" + target + ">", " retrans=\"500\""))
            .append(CANCELLED)
            .append(request("ACK", target, 1, "[last_To:]", ""));
      }
    }
    return xml.append("</scenario>\n").toString();
  }

  /** A request after the INVITE. CANCEL and the ACK of a refusal belong to its transaction. */
  private static String request(
      String method, String target, int cseq, String to, String attributes) {
    boolean ofInvite = target.startsWith("sip:");
    return """
          <send%s><![CDATA[
        %s %s SIP/2.0
        Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=%s
        From: <sip:sipp@[local_ip]:[local_port]>;tag=[pid]-[call_number]
        %s
        Call-ID: [call_id]
        CSeq: %d %s
        Max-Forwards: 70
        Content-Length: 0

        ]]></send>
        """
        .formatted(
            attributes,
            method,
            target,
            ofInvite ? "z9hG4bK-[pid]-[call_number]" : "[branch]",
            to,
            cseq,
            method);
  }
}
