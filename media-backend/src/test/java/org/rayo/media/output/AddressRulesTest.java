package org.rayo.media.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressRulesTest {

  private final AddressRules rules = new AddressRules(address -> false);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.255.255.254",
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "100.127.255.255",
        "198.18.0.1",
        "192.0.0.8",
        "224.0.0.1",
        "255.255.255.255",
        "240.0.0.1",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "::7f00:1",
        "fe80::1",
        "fc00::1",
        "fd12::1",
        "fec0::1",
        "ff02::1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
        "2001:0:1::1",
        "100::1"
      })
  void permits_notPublic_isNot(String address) throws Exception {
    assertThat(rules.permits(InetAddress.getByName(address))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "8.8.8.8",
        "100.63.0.1",
        "100.128.0.1",
        "172.15.0.1",
        "172.32.0.1",
        "192.169.0.1",
        "2606:4700::1111",
        "2001:4860:4860::8888",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808"
      })
  void permits_public_is(String address) throws Exception {
    assertThat(rules.permits(InetAddress.getByName(address))).isTrue();
  }

  @Test
  void permits_opened_isInEveryForm() throws Exception {
    InetAddress ours = InetAddress.getByName("10.1.2.3");
    AddressRules opened = new AddressRules(ours::equals);

    assertThat(opened.permits(ours)).isTrue();
    assertThat(opened.permits(InetAddress.getByName("64:ff9b::a01:203"))).isTrue();
    assertThat(opened.permits(InetAddress.getByName("10.1.2.4"))).isFalse();
  }
}
