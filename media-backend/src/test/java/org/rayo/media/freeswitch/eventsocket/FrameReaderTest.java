package org.rayo.media.freeswitch.eventsocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.rayo.media.freeswitch.eventsocket.EventSocketException.Kind;
import org.rayo.media.freeswitch.eventsocket.SwitchEvent.Field;
import org.rayo.media.freeswitch.eventsocket.Wire.Spoken;

final class FrameReaderTest {

  /** Reads it all at once. */
  private static List<Frame> read(String wire) throws EventSocketException {
    return read(Wire.bytes(wire), Integer.MAX_VALUE, new Random(1));
  }

  /** Reads it in pieces of up to so many bytes, at random. */
  private static List<Frame> read(ByteBuffer wire, int longest, Random random)
      throws EventSocketException {
    List<Frame> frames = new ArrayList<>();
    FrameReader reader = new FrameReader();
    while (wire.hasRemaining()) {
      int length = Math.min(wire.remaining(), longest == 1 ? 1 : 1 + random.nextInt(longest));
      if (longest == Integer.MAX_VALUE) {
        length = wire.remaining();
      }
      ByteBuffer piece = wire.slice(wire.position(), length);
      wire.position(wire.position() + length);
      reader.feed(piece, frames::add);
    }
    return frames;
  }

  private static SwitchEvent event(String inside) throws EventSocketException {
    int length = inside.getBytes(StandardCharsets.UTF_8).length;
    return read("Content-Length: " + length + "\nContent-Type: text/event-plain\n\n" + inside)
        .get(0)
        .event();
  }

  @Test
  void transcript_inRandomPieces_isReadBackAsItWas() throws EventSocketException {
    List<Spoken> spoken = Wire.transcript();
    assertThat(spoken).hasSizeGreaterThan(100);
    StringBuilder wire = new StringBuilder();
    spoken.forEach(each -> wire.append(each.onTheWire()));
    Random random = new Random(7);
    for (int longest : new int[] {1, 2, 3, 17, 300, 5000}) {
      List<Frame> frames = read(Wire.bytes(wire.toString()), longest, random);
      assertThat(frames).hasSameSizeAs(spoken);
      for (int i = 0; i < frames.size(); i++) {
        Spoken expected = spoken.get(i);
        if (expected.answer().isPresent()) {
          assertThat(frames.get(i).reply()).isEqualTo(Reply.of(expected.answer().get()));
        } else {
          assertThat(frames.get(i).event().headers()).isEqualTo(expected.event());
        }
      }
    }
  }

  @Test
  void transcript_recordStop_hasWhatItHad() {
    SwitchEvent stop =
        Wire.transcript().stream()
            .filter(each -> each.answer().isEmpty())
            .map(each -> new SwitchEvent(each.event(), ""))
            .filter(event -> event.name().equals("RECORD_STOP"))
            .findFirst()
            .orElseThrow();
    assertThat(stop.uniqueId()).contains("ebf2f1cf-eff4-41d4-baad-982c482c7537");
    assertThat(stop.variable("record_samples")).contains("8000");
    assertThat(stop.variable("switch_r_sdp").orElse(""))
        .contains("\r\nm=audio 20020 RTP/AVP 0 101");
    assertThat(stop.header("record-completion-cause")).contains("success-maxtime");
    assertThat(stop.header("Hangup-Cause")).isEmpty();
  }

  @Test
  void utf8_acrossPieces_isWhole() throws EventSocketException {
    String name = "Zoë 王小明 🎙";
    String raw = "Event-Name: X\nCaller-Name: " + name + "\n\n";
    int length = raw.getBytes(StandardCharsets.UTF_8).length;
    String wire =
        Wire.event("Event-Name", "X", "Caller-Name", name)
            + "Content-Length: "
            + length
            + "\nContent-Type: text/event-plain\n\n"
            + raw
            + Wire.apiResponse(name);
    List<Frame> frames = read(Wire.bytes(wire), 1, new Random(2));
    assertThat(frames.get(0).event().header("Caller-Name")).contains(name);
    assertThat(frames.get(1).event().header("Caller-Name")).contains(name);
    assertThat(frames.get(2).bodyText()).isEqualTo(name);
  }

  @Test
  void lineEnds_ofEitherKind_areTaken() throws EventSocketException {
    List<Frame> frames =
        read(
            "\r\n\nContent-Type: auth/request\r\n\r\n"
                .concat(
                    "Content-Type: api/response\r\nContent-Length: 3\r\n\r\n+OK\n"
                        .concat("Content-Type: command/reply\nReply-Text: +OK accepted\r\n\n")));
    assertThat(frames)
        .extracting(Frame::contentType)
        .containsExactly("auth/request", "api/response", "command/reply");
    assertThat(frames.get(2).reply()).isEqualTo(new Reply(true, "accepted"));
  }

  @Test
  void lingerNotice_withUnknownHeadersAndNoBody_isAFrame() throws EventSocketException {
    List<Frame> frames =
        read(
            """
            Content-Type: text/disconnect-notice
            Controlled-Session-UUID: 7
            Content-Disposition: linger
            Channel-Name: sofia/external/x@y
            Linger-Time: 600
            Content-Length: 0

            Content-Type: auth/request

            """);
    assertThat(frames).hasSize(2);
    assertThat(frames.get(0).header("content-disposition")).contains("linger");
    assertThat(frames.get(0).bodyText()).isEmpty();
  }

  @Test
  void percentSigns_thatEncodeNothing_stay() throws EventSocketException {
    SwitchEvent event =
        event("Event-Name: X\nA: 100%\nB: %zz%4\nC: %25%41\nD: _undef_\nE: a:%20b: c\nF:\n\n");
    assertThat(event.headers())
        .containsExactly(
            new Field("Event-Name", "X"),
            new Field("A", "100%"),
            new Field("B", "%zz%4"),
            new Field("C", "%A"),
            new Field("D", ""),
            new Field("E", "a: b: c"),
            new Field("F", ""));
  }

  @Test
  void event_withABodyOfItsOwn_hasIt() throws EventSocketException {
    String body = "+OK 7f4de4bc\nline two: %20\n\nafter an empty line\n";
    SwitchEvent event =
        read(Wire.event(List.of(new Field("Event-Name", "BACKGROUND_JOB")), body)).get(0).event();
    assertThat(event.name()).isEqualTo("BACKGROUND_JOB");
    assertThat(event.body()).isEqualTo(body);
  }

  @Test
  void event_withoutHeadersOrEnd_isEmptyOrWhole() throws EventSocketException {
    assertThat(event("\n").headers()).isEmpty();
    assertThat(event("no colon\nEvent-Name: X").name()).isEqualTo("X");
  }

  @Test
  void headers_tooLong_areAnErrorBeforeMemoryIsFull() {
    FrameReader reader = new FrameReader();
    byte[] endless = new byte[FrameReader.HEAD_LIMIT + 1];
    Arrays.fill(endless, (byte) 'x');
    assertProtocolError(() -> reader.feed(ByteBuffer.wrap(endless), frame -> {}));
  }

  @Test
  void contentLength_thatIsNone_isAnError() {
    for (String length : new String[] {"-1", "x", "1x", "", " ", "16777217", "99999999999999"}) {
      assertProtocolError(
          () -> read("Content-Type: api/response\nContent-Length: " + length + "\n\n"));
    }
  }

  @Test
  void garbage_withoutContentType_isAnError() {
    assertProtocolError(() -> read("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
    assertProtocolError(() -> read("\0\1\2\n\n"));
  }

  private static void assertProtocolError(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable reading) {
    assertThatExceptionOfType(EventSocketException.class)
        .isThrownBy(reading)
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.PROTOCOL));
  }

  @Test
  void claimedBody_thatDoesNotCome_takesNoMemory() throws EventSocketException {
    List<FrameReader> readers = new ArrayList<>();
    // Sixteen gigabytes, if the claims were believed.
    for (int i = 0; i < 1000; i++) {
      FrameReader reader = new FrameReader();
      String claim = "Content-Type: api/response\nContent-Length: " + FrameReader.BODY_LIMIT;
      reader.feed(Wire.bytes(claim + "\n\nx"), frame -> {});
      readers.add(reader);
    }
    assertThat(readers).allMatch(FrameReader::isWithinFrame);
  }

  @Test
  void mutatedFrames_areReadOrRefused_nothingElse() {
    StringBuilder wire = new StringBuilder();
    Wire.transcript().stream().limit(12).forEach(each -> wire.append(each.onTheWire()));
    byte[] original = wire.toString().getBytes(StandardCharsets.UTF_8);
    Random random = new Random(42);
    int refused = 0;
    for (int round = 0; round < 4000; round++) {
      byte[] mutated = Wire.mutated(original, random);
      try {
        for (Frame frame : read(ByteBuffer.wrap(mutated), 3000, random)) {
          assertThat(frame.event().headers()).isNotNull();
          assertThat(frame.headersAsEvent().name()).isNotNull();
          assertThat(frame.reply().text()).isNotNull();
        }
      } catch (EventSocketException e) {
        refused++;
      }
    }
    assertThat(refused).isBetween(100, 3900);
  }
}
