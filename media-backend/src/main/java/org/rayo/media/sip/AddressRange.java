package org.rayo.media.sip;

import java.math.BigInteger;
import java.net.InetAddress;

/**
 * A block of IP addresses: a base address and how many of its leading bits count.
 *
 * @param base any address of the block; bits after the prefix are ignored
 * @param prefixBits 0 to 32 (IPv4) or 128 (IPv6)
 * @see <a href="https://www.rfc-editor.org/rfc/rfc4632#section-3.1">RFC 4632, section 3.1</a>
 */
public record AddressRange(InetAddress base, int prefixBits) {

  public AddressRange {
    int most = base.getAddress().length * 8;
    if (prefixBits < 0 || prefixBits > most) {
      throw new IllegalArgumentException(
          "prefix /" + prefixBits + " is out of range: 0 to " + most + " are allowed");
    }
  }

  /**
   * Reads {@code 10.0.0.0/8}, {@code 192.0.2.7}, {@code 2001:db8::/32}.
   *
   * @throws IllegalArgumentException with the text and what is wrong with it
   */
  public static AddressRange parse(String text) {
    String trimmed = text.trim();
    int slash = trimmed.indexOf('/');
    String address = slash < 0 ? trimmed : trimmed.substring(0, slash);
    InetAddress base =
        literal(address, text, "an IPv4 or IPv6 address, as in 192.0.2.7 or 10.0.0.0/8");
    if (slash < 0) {
      return new AddressRange(base, base.getAddress().length * 8);
    }
    String prefix = trimmed.substring(slash + 1);
    if (!prefix.matches("[0-9]{1,3}")) {
      throw new IllegalArgumentException(
          "address range '" + text + "': '" + prefix + "' after the slash is not a number of bits");
    }
    try {
      return new AddressRange(base, Integer.parseInt(prefix));
    } catch (IllegalArgumentException outOfRange) {
      throw new IllegalArgumentException(
          "address range '" + text + "': " + outOfRange.getMessage(), outOfRange);
    }
  }

  private static InetAddress literal(String address, String text, String wanted) {
    return IpLiteral.parse(address)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "address range '" + text + "': '" + address + "' is not " + wanted));
  }

  /** Whether the address is in the block. An IPv4 address is never in an IPv6 block. */
  public boolean contains(InetAddress address) {
    byte[] one = base.getAddress();
    byte[] other = address.getAddress();
    if (one.length != other.length) {
      return false;
    }
    int ignored = one.length * 8 - prefixBits;
    return new BigInteger(1, one)
        .shiftRight(ignored)
        .equals(new BigInteger(1, other).shiftRight(ignored));
  }

  @Override
  public String toString() {
    return base.getHostAddress() + "/" + prefixBits;
  }
}
