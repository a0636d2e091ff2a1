package org.rayo.media.output;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.function.Predicate;

/**
 * Which addresses may be fetched from: those of the public Internet, and those that are opened. An
 * IPv4 address within an IPv6 one counts as itself.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6890">RFC 6890, special-purpose registries</a>
 */
final class AddressRules {

  private final Predicate<InetAddress> opened;

  AddressRules(Predicate<InetAddress> opened) {
    this.opened = opened;
  }

  boolean permits(InetAddress address) {
    InetAddress plain = unwrapped(address);
    return opened.test(plain) || isPublic(plain);
  }

  private static boolean isPublic(InetAddress address) {
    if (address.isLoopbackAddress()
        || address.isAnyLocalAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()) {
      return false;
    }
    byte[] octets = address.getAddress();
    return octets.length == 4 ? isPublic4(octets) : isPublic6(octets);
  }

  private static boolean isPublic4(byte[] octets) {
    int first = octets[0] & 0xff;
    int second = octets[1] & 0xff;
    boolean carrierNat = first == 100 && second >= 64 && second < 128;
    boolean benchmark = first == 198 && (second == 18 || second == 19);
    boolean protocols = first == 192 && second == 0 && octets[2] == 0;
    return first != 0 && first != 127 && first < 224 && !carrierNat && !benchmark && !protocols;
  }

  /** Global unicast is 2000::/3; of it, what leads into IPv4 by other ways is left out. */
  private static boolean isPublic6(byte[] octets) {
    boolean teredo = octets[0] == 0x20 && octets[1] == 1 && octets[2] == 0 && octets[3] == 0;
    boolean sixToFour = octets[0] == 0x20 && octets[1] == 2;
    return (octets[0] & 0xe0) == 0x20 && !teredo && !sixToFour;
  }

  /** The IPv4 address in a mapped, compatible or translated (64:ff9b::/96) one. */
  private static InetAddress unwrapped(InetAddress address) {
    if (!(address instanceof Inet6Address)) {
      return address;
    }
    byte[] octets = address.getAddress();
    boolean zeros = allZero(octets, 10);
    boolean mapped = zeros && octets[10] == -1 && octets[11] == -1;
    boolean compatible = allZero(octets, 12) && (octets[12] != 0 || octets[13] != 0);
    boolean translated =
        octets[0] == 0
            && octets[1] == 0x64
            && octets[2] == -1
            && octets[3] == (byte) 0x9b
            && allZero(Arrays.copyOfRange(octets, 4, 12), 8);
    if (!mapped && !compatible && !translated) {
      return address;
    }
    try {
      return InetAddress.getByAddress(Arrays.copyOfRange(octets, 12, 16));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four octets are an address", e);
    }
  }

  private static boolean allZero(byte[] octets, int count) {
    for (int i = 0; i < count; i++) {
      if (octets[i] != 0) {
        return false;
      }
    }
    return true;
  }
}
