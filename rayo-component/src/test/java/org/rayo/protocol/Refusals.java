package org.rayo.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** What a command is refused with. */
final class Refusals {

  static final StanzaError BAD_REQUEST = StanzaError.badRequest("");
  static final StanzaError NOT_THIS_OPTION = StanzaError.optionNotImplemented("");

  private Refusals() {}

  static RayoCommand read(String command) throws CommandRefusedException {
    return RayoReader.read(Xml.parse(command), Dialect.XEP_0327);
  }

  /** Asserts that it is refused with this condition and type, and gives the text. */
  static String refused(String command, StanzaError as) {
    CommandRefusedException refused =
        catchThrowableOfType(CommandRefusedException.class, () -> read(command));
    assertThat(refused).as("the refusal of %s", command).isNotNull();
    StanzaError error = refused.error();
    assertThat(error.text()).isNotBlank();
    assertThat(new StanzaError(error.condition(), error.type(), "")).as(error.text()).isEqualTo(as);
    return error.text();
  }
}
