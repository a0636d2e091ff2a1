package org.rayo.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressBlockTest {

  @ParameterizedTest
  @CsvSource({
    "192.0.2.7,192.0.2.7,true",
    "192.0.2.7,192.0.2.8,false",
    "10.0.0.0/8,10.255.1.2,true",
    "10.0.0.0/8,11.0.0.0,false",
    "192.168.4.0/22,192.168.7.255,true",
    "192.168.4.0/22,192.168.8.0,false",
    "0.0.0.0/0,203.0.113.9,true",
    "0.0.0.0/0,::1,false",
    "2001:db8::/32,2001:db8:ffff::1,true",
    "2001:db8::/33,2001:db8:8000::1,false",
  })
  void contains_address_comparesThePrefix(String block, String address, boolean inside)
      throws Exception {
    assertThat(AddressBlock.parse(block).contains(InetAddress.getByName(address)))
        .isEqualTo(inside);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost",
        "1.2.3",
        "1.2.3.400",
        "10.0.0.0/",
        "10.0.0.0/33",
        "::1/129",
        "a:b"
      })
  void parse_somethingElse_isRefused(String text) {
    assertThatThrownBy(() -> AddressBlock.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
