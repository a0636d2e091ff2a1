package org.rayo.xmpp;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.dom4j.DocumentHelper;
import org.dom4j.Element;
import org.dom4j.Namespace;
import org.dom4j.QName;

/**
 * What an entity says about itself: its identities and features, the answer to a disco#info query
 * that lists them, and the entity capabilities element that stands for them.
 *
 * @param node the name of the kind of entity, such as {@code urn:xmpp:rayo:call:1}
 * @param identities at least one
 * @param features namespaces
 * @see <a href="https://xmpp.org/extensions/xep-0115.html">XEP-0115</a>
 * @see <a href="https://xmpp.org/extensions/xep-0030.html">XEP-0030</a>
 */
public record EntityCaps(String node, List<Identity> identities, Set<String> features) {

  /**
   * An identity.
   *
   * @param category from the registrar's list, such as {@code component}
   * @param type within the category
   * @param language of the name, an {@code xml:lang}; may be empty
   * @param name for a person to read; may be empty
   */
  public record Identity(String category, String type, String language, String name) {
    private String forHash() {
      return category + "/" + type + "/" + language + "/" + name;
    }
  }

  /** A form of extended information (XEP-0128): its {@code FORM_TYPE} and its fields' values. */
  record Form(String type, Map<String, List<String>> fields) {}

  /** Copies the collections. */
  public EntityCaps {
    identities = List.copyOf(identities);
    features = Set.copyOf(features);
    if (identities.isEmpty()) {
      throw new IllegalArgumentException("an entity without an identity");
    }
  }

  /** The verification string: base64 of the SHA-1 over all of it, in the order of XEP-0115. */
  public String ver() {
    return ver(identities, features, List.of());
  }

  /** {@code node#ver}, as asked for in a query. */
  public String nodeWithVer() {
    return node + "#" + ver();
  }

  /** The {@code <c/>} element for a presence. */
  public Element element() {
    Element c = DocumentHelper.createElement(QName.get("c", Namespace.get(Namespaces.CAPS)));
    c.addAttribute("hash", "sha-1");
    c.addAttribute("node", node);
    c.addAttribute("ver", ver());
    return c;
  }

  /** The {@code <query/>} of a disco#info result, without a node. */
  Element info() {
    Element query =
        DocumentHelper.createElement(QName.get("query", Namespace.get(Namespaces.DISCO_INFO)));
    for (Identity identity : identities) {
      Element element = query.addElement("identity");
      element.addAttribute("category", identity.category());
      element.addAttribute("type", identity.type());
      if (!identity.language().isEmpty()) {
        element.addAttribute(QName.get("lang", Namespace.XML_NAMESPACE), identity.language());
      }
      if (!identity.name().isEmpty()) {
        element.addAttribute("name", identity.name());
      }
    }
    sorted(features).forEach(feature -> query.addElement("feature").addAttribute("var", feature));
    return query;
  }

  /** The verification string of XEP-0115 section 5.1. */
  static String ver(
      Collection<Identity> identities, Collection<String> features, Collection<Form> forms) {
    StringBuilder all = new StringBuilder();
    sorted(identities.stream().map(Identity::forHash).toList())
        .forEach(identity -> all.append(identity).append('<'));
    sorted(features).forEach(feature -> all.append(feature).append('<'));
    forms.stream()
        .sorted(Comparator.comparing(Form::type))
        .forEach(
            form -> {
              all.append(form.type()).append('<');
              new TreeMap<>(form.fields())
                  .forEach(
                      (field, values) ->
                          all.append(field)
                              .append('<')
                              .append(
                                  values.stream()
                                      .sorted()
                                      .map(value -> value + "<")
                                      .collect(Collectors.joining())));
            });
    return Base64.getEncoder().encodeToString(sha1(all.toString()));
  }

  /** By code unit, which for the ASCII of namespaces is the octet order asked for. */
  private static SortedSet<String> sorted(Collection<String> values) {
    return new TreeSet<>(values);
  }

  private static byte[] sha1(String text) {
    try {
      return MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-1", e);
    }
  }
}
