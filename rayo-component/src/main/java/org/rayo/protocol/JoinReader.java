package org.rayo.protocol;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.dom4j.Element;
import org.dom4j.QName;
import org.rayo.media.JoinRequest.Direction;
import org.rayo.media.JoinRequest.Media;
import org.xmpp.packet.JID;

/**
 * Reads {@code <join/>} and {@code <unjoin/>}.
 *
 * @see <a href="https://xmpp.org/extensions/xep-0327.html#session-joining">XEP-0327, joining
 *     calls</a>
 */
final class JoinReader {

  static final QName JOIN = QName.get("join", Namespaces.RAYO);
  static final QName UNJOIN = QName.get("unjoin", Namespaces.RAYO);

  static final Map<QName, CommandElementReader> READERS =
      Map.of(JOIN, (e, dialect) -> join(e), UNJOIN, (e, dialect) -> unjoin(e));

  static final String CALL = "call-uri";
  static final String MIXER = "mixer-name";

  static final Map<String, Direction> DIRECTIONS =
      Map.of("duplex", Direction.DUPLEX, "send", Direction.SEND, "recv", Direction.RECV);

  static final Map<String, Media> MEDIA = Map.of("bridge", Media.BRIDGE, "direct", Media.DIRECT);

  /** A domain to try names with. */
  private static final String SOME_DOMAIN = "localhost";

  private static final int LONGEST_NAME = 255;

  private JoinReader() {}

  static CallCommand.Join join(Element command) throws CommandRefusedException {
    ElementRules.allowAttributes(command, Set.of(CALL, MIXER, "direction", "media"));
    ElementRules.requireEmpty(command);
    JoinTarget target =
        target(command)
            .orElseThrow(
                () ->
                    ElementRules.badRequest(
                        "join names nothing to join to: call-uri or mixer-name is needed"));
    return new CallCommand.Join(
        target,
        value(command, "direction", DIRECTIONS, "duplex, send or recv", Direction.DUPLEX),
        value(command, "media", MEDIA, "bridge or direct", Media.BRIDGE));
  }

  private static CallCommand.Unjoin unjoin(Element command) throws CommandRefusedException {
    ElementRules.allowAttributes(command, Set.of(CALL, MIXER));
    ElementRules.requireEmpty(command);
    return new CallCommand.Unjoin(target(command));
  }

  private static <T> T value(
      Element command, String name, Map<String, T> values, String allowed, T otherwise)
      throws CommandRefusedException {
    Optional<String> written = ElementRules.attribute(command, name);
    if (written.isEmpty()) {
      return otherwise;
    }
    if (!values.containsKey(written.get())) {
      throw AttributeValues.bad(command, name, allowed + " is allowed");
    }
    return Objects.requireNonNull(values.get(written.get()));
  }

  private static Optional<JoinTarget> target(Element command) throws CommandRefusedException {
    Optional<String> call = ElementRules.attribute(command, CALL);
    Optional<String> mixer = ElementRules.attribute(command, MIXER);
    if (call.isPresent() && mixer.isPresent()) {
      throw ElementRules.badRequest(
          command.getName() + " has call-uri and mixer-name; one of them is allowed");
    }
    if (call.isPresent()) {
      return Optional.of(new JoinTarget.OfCall(call(command, call.get())));
    }
    return mixer.isPresent() ? Optional.of(mixer(command, mixer.get())) : Optional.empty();
  }

  private static JID call(Element command, String written) throws CommandRefusedException {
    Optional<JID> call = XmppUri.entity(written.strip()).filter(jid -> jid.getResource() == null);
    if (call.isEmpty()) {
      throw AttributeValues.bad(
          command, CALL, "the bare JID of a call, with or without xmpp: before it, is allowed");
    }
    return call.get();
  }

  /** Its name, where that can be the node of an address. */
  static JoinTarget.OfMixer mixer(Element command, String name) throws CommandRefusedException {
    try {
      if (!name.isBlank() && name.length() <= LONGEST_NAME) {
        JID address = new JID(name, SOME_DOMAIN, null);
        return new JoinTarget.OfMixer(name, address.getNode());
      }
    } catch (IllegalArgumentException notOne) {
      throw badName(command);
    }
    throw badName(command);
  }

  private static CommandRefusedException badName(Element command) {
    return AttributeValues.bad(
        command,
        MIXER,
        "up to 255 characters that the node of a JID may have are allowed, no space and none of"
            + " \"&'/:<>@");
  }
}
