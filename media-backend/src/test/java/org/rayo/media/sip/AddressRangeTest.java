package org.rayo.media.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRangeTest {

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8,10.255.1.2,true",
    "10.0.0.0/8,11.0.0.1,false",
    "192.0.2.7,192.0.2.7,true",
    "192.0.2.7,192.0.2.8,false",
    "192.0.2.130/25,192.0.2.200,true",
    "192.0.2.130/25,192.0.2.2,false",
    "0.0.0.0/0,8.8.8.8,true",
    "0.0.0.0/0,::1,false",
    "2001:db8::/32,2001:db8:1::5,true",
    "2001:db8::/32,2001:db9::5,false"
  })
  void contains_asTheBitsSay(String range, String address, boolean expected) throws Exception {
    assertThat(AddressRange.parse(range).contains(InetAddress.getByName(address)))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost",
        "10.0.0",
        "10.0.0.0/33",
        "10.0.0.0/x",
        "::/129",
        "1.2.3.256",
        "/8"
      })
  void parse_bad_namesTheText(String text) {
    assertThatThrownBy(() -> AddressRange.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "'");
  }

  @Test
  void toString_isReadAgain() {
    AddressRange range = AddressRange.parse(" 10.1.0.0/16 ");
    assertThat(AddressRange.parse(range.toString())).isEqualTo(range);
  }
}
