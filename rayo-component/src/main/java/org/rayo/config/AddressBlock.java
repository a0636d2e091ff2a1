package org.rayo.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/**
 * An IP address, or all that share its first bits: {@code 192.0.2.7}, {@code 10.0.0.0/8}, {@code
 * 2001:db8::/32}.
 *
 * @param prefixBits how many bits count
 * @see <a href="https://www.rfc-editor.org/rfc/rfc4632#section-3.1">RFC 4632 §3.1</a>
 */
public record AddressBlock(InetAddress address, int prefixBits) {

  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
  private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  public AddressBlock {
    if (prefixBits < 0 || prefixBits > address.getAddress().length * 8) {
      throw new IllegalArgumentException(address + " has no " + prefixBits + " bits");
    }
  }

  /**
   * Reads the written form.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static AddressBlock parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      InetAddress single = parseAddress(text);
      return new AddressBlock(single, single.getAddress().length * 8);
    }
    InetAddress address = parseAddress(text.substring(0, slash));
    String bits = text.substring(slash + 1);
    if (!bits.matches("\\d{1,3}")) {
      throw new IllegalArgumentException("'" + text + "' has no number of bits after the slash");
    }
    return new AddressBlock(address, Integer.parseInt(bits));
  }

  /**
   * Reads an address written as a number; names are not looked up.
   *
   * @throws IllegalArgumentException if it is none
   */
  static InetAddress parseAddress(String text) {
    if (IPV4.matcher(text).matches() || IPV6.matcher(text).matches()) {
      try {
        return InetAddress.getByName(text);
      } catch (UnknownHostException e) {
        throw new IllegalArgumentException("'" + text + "' is no IP address", e);
      }
    }
    throw new IllegalArgumentException("'" + text + "' is no IP address");
  }

  /** Whether {@code other} is of the same family and begins with the same bits. */
  public boolean contains(InetAddress other) {
    byte[] mine = address.getAddress();
    byte[] theirs = other.getAddress();
    if (mine.length != theirs.length) {
      return false;
    }
    for (int bit = 0; bit < prefixBits; bit++) {
      int mask = 0x80 >> (bit % 8);
      if ((mine[bit / 8] & mask) != (theirs[bit / 8] & mask)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return address.getHostAddress() + "/" + prefixBits;
  }
}
