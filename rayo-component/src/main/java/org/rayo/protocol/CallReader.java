package org.rayo.protocol;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.dom4j.Element;
import org.dom4j.QName;
import org.rayo.media.Header;
import org.rayo.media.MediaCall.RejectReason;

/** Reads the commands of {@code urn:xmpp:rayo:1}. */
final class CallReader {

  static final Map<QName, CommandElementReader> READERS =
      Map.of(
          name("accept"), (e, dialect) -> new CallCommand.Accept(headersOnly(e)),
          name("answer"), (e, dialect) -> new CallCommand.Answer(headersOnly(e)),
          name("hangup"), (e, dialect) -> new CallCommand.Hangup(headersOnly(e)),
          name("redirect"), (e, dialect) -> redirect(e),
          name("reject"), (e, dialect) -> reject(e));

  private static final Set<String> SCHEMES = Set.of("sip", "sips", "tel");

  /** In characters; more would not fit into a message that a SIP peer takes. */
  private static final int LONGEST_URI = 1000;

  /** {@link RejectReason#UNAVAILABLE} is the server's own and no word of the protocol. */
  static final Map<RejectReason, QName> REJECT_REASONS =
      Map.of(
          RejectReason.DECLINE, name("decline"),
          RejectReason.BUSY, name("busy"),
          RejectReason.ERROR, name("error"));

  private static final Map<QName, RejectReason> REASONS_BY_NAME =
      REJECT_REASONS.entrySet().stream()
          .collect(Collectors.toUnmodifiableMap(Map.Entry::getValue, Map.Entry::getKey));

  private CallReader() {}

  private static QName name(String element) {
    return QName.get(element, Namespaces.RAYO);
  }

  private static List<Header> headersOnly(Element command) throws CommandRefusedException {
    ElementRules.allowAttributes(command, Set.of());
    ElementRules.allowChildren(command, Set.of(ElementRules.HEADER));
    return ElementRules.headers(command);
  }

  private static RayoCommand redirect(Element command) throws CommandRefusedException {
    ElementRules.allowAttributes(command, Set.of("to"));
    ElementRules.allowChildren(command, Set.of(ElementRules.HEADER));
    return new CallCommand.Redirect(target(command), ElementRules.headers(command));
  }

  private static URI target(Element command) throws CommandRefusedException {
    ElementRules.required(command, "to");
    Optional<URI> to = dialled(command, "to");
    if (to.isEmpty()) {
      throw AttributeValues.bad(command, "to", "a sip:, sips: or tel: URI is allowed");
    }
    return to.orElseThrow();
  }

  /**
   * A URI that a SIP header can carry: ASCII, absolute, not too long, of a scheme that a phone
   * understands. Empty when it is left out, or is not one.
   */
  static Optional<URI> dialled(Element command, String name) {
    String written = ElementRules.attribute(command, name).orElse("").strip();
    if (written.length() > LONGEST_URI) {
      return Optional.empty();
    }
    try {
      URI to = new URI(written);
      if (to.getScheme() != null
          && SCHEMES.contains(to.getScheme().toLowerCase(Locale.ROOT))
          && to.getRawFragment() == null
          && written.chars().allMatch(c -> c < 0x80)) {
        return Optional.of(to);
      }
    } catch (URISyntaxException notOne) {
      return Optional.empty();
    }
    return Optional.empty();
  }

  private static RayoCommand reject(Element command) throws CommandRefusedException {
    ElementRules.allowAttributes(command, Set.of());
    ElementRules.refuseText(command);
    List<Element> reasons =
        command.elements().stream().filter(e -> !e.getQName().equals(ElementRules.HEADER)).toList();
    if (reasons.size() != 1 || !REASONS_BY_NAME.containsKey(reasons.get(0).getQName())) {
      String found =
          reasons.isEmpty()
              ? "none"
              : reasons.stream()
                  .limit(5)
                  .map(e -> XmlText.quote(e.getName()))
                  .collect(Collectors.joining(", "));
      throw ElementRules.badRequest(
          "reject needs exactly one reason, decline, busy or error, but has " + found);
    }
    Element reason = reasons.get(0);
    ElementRules.allowAttributes(reason, Set.of());
    ElementRules.requireEmpty(reason);
    return new CallCommand.Reject(
        Objects.requireNonNull(REASONS_BY_NAME.get(reason.getQName())),
        ElementRules.headers(command));
  }
}
