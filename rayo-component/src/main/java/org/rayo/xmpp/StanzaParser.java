package org.rayo.xmpp;

import com.fasterxml.aalto.AsyncByteArrayFeeder;
import com.fasterxml.aalto.AsyncXMLStreamReader;
import com.fasterxml.aalto.stax.InputFactoryImpl;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import org.dom4j.DocumentFactory;
import org.dom4j.Element;
import org.dom4j.Namespace;
import org.dom4j.QName;
import org.jspecify.annotations.Nullable;

/**
 * An incremental parser for one direction of one XMPP stream: bytes in, in pieces of any size, and
 * out come the stream's opening, its top-level elements one by one, and its end.
 *
 * <p>An element is delivered as soon as its last byte is here; nothing is read ahead. Elements in
 * the stream's content namespace come without a namespace as long as their parents do too (as
 * Tinder builds stanzas); all others keep theirs. Prefixes of elements are not kept, namespace
 * declarations with a prefix are.
 *
 * <p>Refused, by the stream error in the exception: what is not well-formed; document types,
 * comments, processing instructions and entities beyond the five predefined. Elements larger than
 * the limit (measured to {@value #SLICE} bytes), nested deeper than {@value #MAX_DEPTH} or with
 * more than {@value #MAX_ATTRIBUTES} attributes are {@link Sink#cut cut}; what follows the cut
 * takes no memory, up to {@value #CUT_FACTOR} times the limit. After an exception the parser is of
 * no further use. Not thread safe.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6120#section-11.1">RFC 6120 section 11.1</a>
 */
final class StanzaParser {
  /** What the parser reports; called from within {@link #feed}. */
  interface Sink {
    /** The stream's opening tag. */
    void opened(StreamHeader header) throws StreamErrorException;

    /** A whole element at the top level of the stream. */
    void element(Element element) throws StreamErrorException;

    /**
     * An element at the top level of the stream that is too large or too deep, or has too many
     * attributes: only what came before that is in it, and its address, type and id. Where nobody
     * takes it, it is the stream's end.
     */
    default void cut(Element element, String why) throws StreamErrorException {
      throw new StreamErrorException(StreamError.POLICY_VIOLATION, why);
    }

    /** The stream's closing tag. */
    void closed() throws StreamErrorException;
  }

  /** An element is read over to its end as long as it is not so many times larger than allowed. */
  static final int CUT_FACTOR = 16;

  /** Deeper nesting is refused: code that walks elements may recurse. */
  static final int MAX_DEPTH = 128;

  /** More attributes of one element are refused: whoever looks for one passes all others. */
  static final int MAX_ATTRIBUTES = 256;

  /** Those of a stanza, which are kept in any case. */
  private static final Set<String> OF_STANZAS = Set.of("from", "to", "type", "id");

  /** Bytes given to the XML reader at once, between two checks of the size limit. */
  static final int SLICE = 256;

  private static final InputFactoryImpl FACTORY = newFactory();

  private final AsyncXMLStreamReader<AsyncByteArrayFeeder> reader =
      FACTORY.createAsyncForByteArray();
  private final DocumentFactory elements = DocumentFactory.getInstance();
  private final int maxElementBytes;
  private final Sink sink;
  private final Deque<Element> open = new ArrayDeque<>();
  private final StringBuilder text = new StringBuilder();
  private String contentNamespace = "";
  private boolean streamOpen;
  private long bytesSinceElement;

  /** Why the element that is open is cut; empty as long as it is not. */
  private String cutBecause = "";

  /** Elements that are open within the last that was not cut off. */
  private long skipped;

  /**
   * @param maxElementBytes the largest element accepted, in bytes as received
   * @param sink told what was found
   */
  StanzaParser(int maxElementBytes, Sink sink) {
    this.maxElementBytes = maxElementBytes;
    this.sink = sink;
  }

  private static InputFactoryImpl newFactory() {
    InputFactoryImpl factory = new InputFactoryImpl();
    factory.configureForLowMemUsage();
    factory.setProperty(InputFactoryImpl.SUPPORT_DTD, false);
    factory.setProperty(InputFactoryImpl.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    return factory;
  }

  /**
   * Takes bytes and reports everything that is complete with them. The array may be used again
   * afterwards.
   *
   * @throws StreamErrorException when the stream must end with an error; also whatever the sink
   *     throws
   */
  void feed(byte[] bytes, int offset, int length) throws StreamErrorException {
    for (int done = 0; done < length; done += SLICE) {
      int slice = Math.min(SLICE, length - done);
      bytesSinceElement += slice;
      try {
        reader.getInputFeeder().feedInput(bytes, offset + done, slice);
        drain();
      } catch (XMLStreamException e) {
        throw new StreamErrorException(
            StreamError.NOT_WELL_FORMED, "not well-formed XML: " + e.getMessage(), e);
      }
      limitSize();
    }
  }

  private void limitSize() throws StreamErrorException {
    if (bytesSinceElement <= maxElementBytes) {
      return;
    }
    String why = "stanza larger than " + maxElementBytes + " bytes";
    if (open.isEmpty() || bytesSinceElement > (long) CUT_FACTOR * maxElementBytes) {
      throw new StreamErrorException(StreamError.POLICY_VIOLATION, why);
    }
    cutBecause = cutBecause.isEmpty() ? why : cutBecause;
    text.setLength(0);
  }

  private void drain() throws XMLStreamException, StreamErrorException {
    for (int event = next(); event != AsyncXMLStreamReader.EVENT_INCOMPLETE; event = next()) {
      switch (event) {
        case XMLStreamConstants.START_DOCUMENT -> {}
        case XMLStreamConstants.END_DOCUMENT -> {
          return;
        }
        case XMLStreamConstants.START_ELEMENT -> startElement();
        case XMLStreamConstants.END_ELEMENT -> endElement();
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE ->
            characters();
        case XMLStreamConstants.DTD,
            XMLStreamConstants.COMMENT,
            XMLStreamConstants.PROCESSING_INSTRUCTION,
            XMLStreamConstants.ENTITY_REFERENCE,
            XMLStreamConstants.ENTITY_DECLARATION,
            XMLStreamConstants.NOTATION_DECLARATION ->
            throw new StreamErrorException(
                StreamError.RESTRICTED_XML, "XML that is not allowed on a stream, event " + event);
        default ->
            throw new StreamErrorException(
                StreamError.BAD_FORMAT, "unexpected XML, event " + event);
      }
    }
  }

  private int next() throws XMLStreamException {
    try {
      return reader.next();
    } catch (RuntimeException e) {
      throw failed(e);
    }
  }

  /** Bytes that trip the XML reader itself are the sender's fault; they must not end our thread. */
  private static XMLStreamException failed(RuntimeException e) {
    return new XMLStreamException("the XML reader failed: " + e.getMessage(), e);
  }

  private void startElement() throws XMLStreamException, StreamErrorException {
    if (!streamOpen) {
      openStream();
      return;
    }
    if (cutBecause.isEmpty() && open.size() >= MAX_DEPTH) {
      cutBecause = "elements nested deeper than " + MAX_DEPTH;
    }
    if (cutBecause.isEmpty() && hasTooManyAttributes()) {
      cutBecause = "an element with more than " + MAX_ATTRIBUTES + " attributes";
    }
    if (!cutBecause.isEmpty() && !open.isEmpty()) {
      skipped++;
      return;
    }
    appendText();
    Element parent = open.peek();
    Element element;
    try {
      element = build();
    } catch (IllegalArgumentException e) {
      // The XML reader lets names pass that namespaces forbid, such as p:1.
      throw new XMLStreamException("a name that is none: " + e.getMessage(), e);
    }
    if (parent != null) {
      parent.add(element);
    }
    open.push(element);
  }

  private Element build() {
    Element element = elements.createElement(elementName());
    for (int i = 0; i < reader.getNamespaceCount(); i++) {
      String prefix = orEmpty(reader.getNamespacePrefix(i));
      if (!prefix.isEmpty()) {
        element.add(new Namespace(prefix, reader.getNamespaceURI(i)));
      }
    }
    boolean tooMany = hasTooManyAttributes();
    for (int i = 0; i < reader.getAttributeCount(); i++) {
      if (!tooMany || OF_STANZAS.contains(reader.getAttributeLocalName(i))) {
        element.addAttribute(attributeName(i), reader.getAttributeValue(i));
      }
    }
    return element;
  }

  private boolean hasTooManyAttributes() {
    return reader.getAttributeCount() > MAX_ATTRIBUTES;
  }

  /** Names are made here and not by dom4j's factory, which keeps all it has ever made. */
  private QName elementName() {
    String uri = orEmpty(reader.getNamespaceURI());
    Element parent = open.peek();
    boolean ofTheStanza =
        uri.equals(contentNamespace) && (parent == null || parent.getNamespaceURI().isEmpty());
    return ofTheStanza
        ? new QName(reader.getLocalName())
        : new QName(reader.getLocalName(), new Namespace("", uri));
  }

  private QName attributeName(int index) {
    String uri = orEmpty(reader.getAttributeNamespace(index));
    return uri.isEmpty()
        ? new QName(reader.getAttributeLocalName(index))
        : new QName(
            reader.getAttributeLocalName(index),
            new Namespace(orEmpty(reader.getAttributePrefix(index)), uri));
  }

  private void openStream() throws StreamErrorException {
    if (!reader.getLocalName().equals("stream")
        || !Namespaces.STREAMS.equals(reader.getNamespaceURI())) {
      throw new StreamErrorException(
          StreamError.INVALID_NAMESPACE, "the root element is no XMPP stream");
    }
    contentNamespace = orEmpty(reader.getNamespaceContext().getNamespaceURI(""));
    Map<String, String> attributes = new LinkedHashMap<>();
    for (int i = 0; i < reader.getAttributeCount(); i++) {
      if (orEmpty(reader.getAttributeNamespace(i)).isEmpty()) {
        attributes.put(reader.getAttributeLocalName(i), reader.getAttributeValue(i));
      }
    }
    streamOpen = true;
    bytesSinceElement = 0;
    sink.opened(new StreamHeader(contentNamespace, attributes));
  }

  private void endElement() throws StreamErrorException {
    Element element = open.peek();
    if (element == null) {
      sink.closed();
      return;
    }
    if (skipped > 0) {
      skipped--;
      return;
    }
    appendText();
    open.pop();
    if (!open.isEmpty()) {
      return;
    }
    bytesSinceElement = 0;
    if (cutBecause.isEmpty()) {
      sink.element(element);
    } else {
      String why = cutBecause;
      cutBecause = "";
      sink.cut(element, why);
    }
  }

  private void characters() throws XMLStreamException, StreamErrorException {
    if (!cutBecause.isEmpty()) {
      return;
    }
    String piece = text();
    if (!open.isEmpty()) {
      text.append(piece);
    } else if (piece.isBlank()) {
      // White space between stanzas keeps a connection alive and belongs to no stanza.
      bytesSinceElement = 0;
    } else {
      throw new StreamErrorException(StreamError.BAD_FORMAT, "text between stanzas");
    }
  }

  private String text() throws XMLStreamException {
    try {
      // The reader looks at the text only now: it may turn out not to be XML here, unchecked.
      return reader.getText();
    } catch (RuntimeException e) {
      throw failed(e);
    }
  }

  private void appendText() {
    Element element = open.peek();
    if (element != null && text.length() > 0) {
      element.addText(text.toString());
    }
    text.setLength(0);
  }

  /** StAX gives null for "no namespace" and "no prefix". */
  private static String orEmpty(@Nullable String value) {
    return value == null ? "" : value;
  }
}
