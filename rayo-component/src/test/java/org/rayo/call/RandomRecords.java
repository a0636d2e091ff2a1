package org.rayo.call;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Record commands of any attributes and hints, most of them proper. */
final class RandomRecords {

  private static final List<String> ATTRIBUTES =
      List.of(
          "format='mp3'",
          "format='wav'",
          "format='opus'",
          "start-beep='true'",
          "stop-beep='1'",
          "start-paused='true'",
          "start-paused='true'",
          "max-duration='5000'",
          "initial-timeout='10000|none'",
          "final-timeout='none'",
          "direction='send'",
          "mix='false'",
          "max-duration='0'",
          "mix='TRUE'",
          "colour='red'");

  private static final List<String> HINTS =
      List.of(
          "<hint name='quality' value='4'/>",
          "<hint name='bitrate' value='32'/>",
          "<hint name='double-pass' value='true'/>",
          "<hint name='sample-rate' value='16000'/>",
          "<hint name='encoding' value='ulaw'/>",
          "<hint name='pause-mode' value='silence'/>",
          "<hint name='stop-keys' value='#'/>",
          "<hint name='trim' value='true'/>",
          "<hint name='min-duration' value='1'/>",
          "<hint name='min-duration' value='1000'/>",
          "<hint name='min-duration' value='4000'/>",
          "<hint name='name' value='by-caller'/>",
          "<hint name='beep-interval' value='1000'/>",
          "<hint name='meta.case' value='../x'/>",
          "<hint name='unheard-of' value='x'/>",
          "<hint name='stop-keys' value='?'/>",
          "<hint name='name' value='nobody'/>");

  private final Random random;

  RandomRecords(Random random) {
    this.random = random;
  }

  /** Few attributes and hints, so that most of them fit together. */
  String next() {
    Set<String> attributes = new HashSet<>();
    StringBuilder written = new StringBuilder();
    for (int n = random.nextInt(4); n > 0; n--) {
      String attribute = any(ATTRIBUTES);
      if (attributes.add(attribute.split("=", 2)[0])) {
        written.append(' ').append(attribute);
      }
    }
    StringBuilder hints = new StringBuilder();
    for (int n = random.nextInt(4); n > 0; n--) {
      hints.append(any(HINTS));
    }
    return "<record xmlns='urn:xmpp:rayo:record:1'" + written + ">" + hints + "</record>";
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
