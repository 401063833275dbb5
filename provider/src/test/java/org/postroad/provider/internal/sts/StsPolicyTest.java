// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.sts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.HostName;
import org.postroad.provider.internal.sts.StsPolicy.Mode;

/** Parsing of policies (RFC 8461 §3.2), and their limits. */
class StsPolicyTest {

    private static final String HEAD = "version: STSv1\nmode: enforce\nmax_age: 86400\n";
    private static final StsPolicy EXAMPLE = new StsPolicy(
            Mode.ENFORCE,
            List.of(MxPattern.parse("mx.example.org"), MxPattern.parse("*.example.net")),
            Duration.ofDays(1));

    private static StsPolicy parse(String text) throws BadPolicyException {
        return PolicyReader.read(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "version: STSv1\r\nmode: enforce\r\nmx: mx.example.org\r\nmx: *.example.net\r\nmax_age: 86400\r\n",
                "version: STSv1\nmode: enforce\nmx: mx.example.org\nmx: *.example.net\nmax_age: 86400\n",
                "version: STSv1\r\nmode: enforce\nmx: mx.example.org\r\nmx: *.example.net\nmax_age: 86400",
                "mx:mx.example.org\nmax_age:0000086400\nmode:enforce\nmx:*.example.net\nversion:STSv1",
                "version: \t STSv1 \t\r\nmode:  enforce \nmx:\tMX.Example.ORG\t\nmx: *.EXAMPLE.net \nmax_age: 86400 \n",
                HEAD + "mx: mx.example.org\nmx: *.example.net\nx-new: \u00fcber:all\nEmpty.1_2:\nMode: none\n",
                HEAD + "mx: mx.example.org\nmx: *.example.net\nversion: STSv2\nmode: none\nmax_age: nonsense\n",
                "\n" + HEAD + " \t\r\nmx: mx.example.org\nmx: *.example.net\n\r\n\n"
            })
    void sts_equalPoliciesCanHaveManyForms(String text) throws BadPolicyException {
        assertThat(parse(text)).isEqualTo(EXAMPLE);
    }

    @ParameterizedTest
    @CsvSource({"enforce, ENFORCE", "testing, TESTING", "none, NONE"})
    void sts_thereAreThreeModes(String text, Mode mode) throws BadPolicyException {
        assertThat(parse("version: STSv1\nmode: " + text + "\nmx: a.test\nmax_age: 1\n")
                        .mode())
                .isEqualTo(mode);
    }

    @Test
    void sts_modeNoneNeedsNoMx() throws BadPolicyException {
        assertThat(parse("version: STSv1\nmode: none\nmax_age: 0\n"))
                .isEqualTo(new StsPolicy(Mode.NONE, List.of(), Duration.ZERO));
    }

    static Stream<Arguments> bad() {
        return Stream.of(
                arguments("", "no version"),
                arguments("mode: enforce\nmx: a.test\nmax_age: 1\n", "no version"),
                arguments("Version: STSv1\nmode: enforce\nmx: a.test\nmax_age: 1\n", "no version"),
                arguments("version: STSv2\nversion: STSv1\nmode: enforce\nmx: a.test\nmax_age: 1\n", "\"STSv2\""),
                arguments("version: stsv1\nmode: enforce\nmx: a.test\nmax_age: 1\n", "\"stsv1\""),
                arguments("version: STSv1\nmx: a.test\nmax_age: 1\n", "no mode"),
                arguments("version: STSv1\nmode:\nmx: a.test\nmax_age: 1\n", "mode \"\""),
                arguments("version: STSv1\nmode: Enforce\nmx: a.test\nmax_age: 1\n", "mode \"Enforce\""),
                arguments("version: STSv1\nmode: enforce\rmx: a.test\nmx: a.test\nmax_age: 1\n", "enforce\\u000dmx"),
                arguments("version: STSv1\nmode: enforce\nmx: a.test\n", "no max_age"),
                arguments(maxAge(""), "max_age \"\""),
                arguments(maxAge("-1"), "max_age \"-1\""),
                arguments(maxAge("+1"), "max_age \"+1\""),
                arguments(maxAge("1.5"), "max_age \"1.5\""),
                arguments(maxAge("1d"), "max_age \"1d\""),
                arguments(maxAge("0x10"), "max_age \"0x10\""),
                arguments(maxAge("\u0661"), "max_age \"\u0661\""),
                arguments(maxAge("31557601"), "max_age of 31557601; 0 to 31557600"),
                arguments(maxAge("9999999999"), "max_age of 9999999999"),
                arguments(maxAge("00000086400"), "not a number of seconds"),
                arguments("version: STSv1\nmode: enforce\nmax_age: 1\n", "no mx"),
                arguments("version: STSv1\nmode: testing\nmax_age: 1\n", "no mx"),
                arguments("version: STSv1\nmode: none\nmax_age: 1\nmx: *\n", "mx pattern \"*\""),
                arguments(HEAD + "mx: a.test\nno field\n", "\"no field\""),
                arguments(HEAD + "mx: a.test\nx y: z\n", "\"x y: z\""),
                arguments(HEAD + "mx : a.test\n", "\"mx : a.test\""),
                arguments(HEAD + "mx: a.test\n: z\n", "\": z\""),
                arguments(HEAD + "mx: a.test\n-x: z\n", "\"-x: z\""),
                arguments(HEAD + "mx: a.test\n" + "x".repeat(33) + ": z\n", "x: z\""),
                arguments("\ufeff" + HEAD + "mx: a.test\n", "\"\\ufeffversion: STSv1\""),
                arguments("<html>\u001b[2J</html>", "\"<html>\\u001b[2J</html>\""));
    }

    private static String maxAge(String value) {
        return "version: STSv1\nmode: enforce\nmx: a.test\nmax_age: " + value + "\n";
    }

    @ParameterizedTest
    @MethodSource("bad")
    void sts_anInvalidPolicyIsRefusedWithTheReason(String text, String why) {
        assertThatExceptionOfType(BadPolicyException.class)
                .isThrownBy(() -> parse(text))
                .withMessageContaining(why);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*",
                "*.",
                ".",
                ".example",
                "a..example",
                "example.",
                "*.*.example",
                "a*.example",
                "a.*.example",
                "*example",
                "**.example",
                "192.0.2.1",
                "*.0.2.1",
                "mx.09",
                "7",
                "[192.0.2.1]",
                "2001:db8::1",
                "[IPv6:2001:db8::1]",
                "a b.example",
                "m\u00fcx.example",
                "mx.example, mx2.example",
                "abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghij1234.example"
            })
    void sts_anInvalidMxMakesThePolicyInvalid(String pattern) {
        assertThatExceptionOfType(BadPolicyException.class)
                .isThrownBy(() -> parse(HEAD + "mx: good.example\nmx: " + pattern + "\n"))
                .withMessageStartingWith("The mx pattern \"");
        assertThatIllegalArgumentException().isThrownBy(() -> MxPattern.parse(pattern));
    }

    @Test
    void sts_aLabelOf63CharactersIsValid() throws BadPolicyException {
        String name = "a".repeat(63) + ".example";
        assertThat(parse(HEAD + "mx: *." + name + "\n").mx())
                .containsExactly(new MxPattern(true, HostName.parse(name)));
    }

    @ParameterizedTest
    @CsvSource({
        "c3, false",
        "c3a4, true",
        "c0af, false",
        "eda080, false",
        "f4908080, false",
        "ff, false",
        "f09f9880, true"
    })
    void sts_thePolicyIsUtf8(String hex, boolean good) throws BadPolicyException {
        byte[] odd = HexFormat.of().parseHex(hex);
        byte[] text = (HEAD + "mx: a.test\nx: ?\n").getBytes(StandardCharsets.UTF_8);
        byte[] octets = new byte[text.length + odd.length];
        System.arraycopy(text, 0, octets, 0, text.length - 1);
        System.arraycopy(odd, 0, octets, text.length - 1, odd.length);
        octets[octets.length - 1] = '\n';
        if (good) {
            assertThat(PolicyReader.read(octets).mx()).hasSize(1);
        } else {
            assertThatExceptionOfType(BadPolicyException.class)
                    .isThrownBy(() -> PolicyReader.read(octets))
                    .withMessage("The policy is not UTF-8");
        }
    }

    @Test
    void sts_theSizeHasALimit() throws BadPolicyException {
        String start = HEAD + "mx: a.test\nx: ";
        String fits = start + "x".repeat(StsPolicy.MAX_OCTETS - start.length());
        assertThat(parse(fits).mx()).hasSize(1);
        assertThatExceptionOfType(BadPolicyException.class)
                .isThrownBy(() -> parse(fits + "x"))
                .withMessage("The policy has 65537 octets; at most 65536 are allowed");
    }

    @Test
    void sts_theNumberOfMxHasALimit() throws BadPolicyException {
        assertThat(parse(HEAD + "mx: a.test\n".repeat(StsPolicy.MAX_MX)).mx()).hasSize(StsPolicy.MAX_MX);
        assertThatExceptionOfType(BadPolicyException.class)
                .isThrownBy(() -> parse(HEAD + "mx: a.test\n".repeat(StsPolicy.MAX_MX + 1)))
                .withMessage("The policy has 101 mx; at most 100 are allowed");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 31_557_600})
    void sts_maxAgeIsUpToAYear(int seconds) throws BadPolicyException {
        assertThat(parse(maxAge("" + seconds)).maxAge()).isEqualTo(Duration.ofSeconds(seconds));
    }

    /** A regular expression that strips white space would take quadratic time. */
    @Test
    void sts_muchWhiteSpaceTakesNoTime() throws BadPolicyException {
        assertThat(parse(HEAD + "mx: a.test\nx:" + " ".repeat(60_000) + "y\n").mx())
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "mx.example.org, mx.example.org, true",
        "mx.example.org, MX.Example.Org, true",
        "MX.example.ORG, mx.example.org, true",
        "mx.example.org, a.mx.example.org, false",
        "mx.example.org, example.org, false",
        "*.example.org, mx.example.org, true",
        "*.example.org, MX.EXAMPLE.ORG, true",
        "*.Example.org, mx.example.org, true",
        "*.example.org, example.org, false",
        "*.example.org, a.mx.example.org, false",
        "*.example.org, mx.badexample.org, false",
        "*.example.org, badexample.org, false",
        "*.example.org, mx.example.org.evil.test, false",
        "*.xn--mller-kva.example, mx.xn--mller-kva.example, true",
        "*.test, mx.test, true",
        "test, test, true"
    })
    void sts_aPatternPermitsOneNameOrOneLabelMore(String pattern, String host, boolean permitted) {
        StsPolicy policy = new StsPolicy(
                Mode.ENFORCE, List.of(MxPattern.parse("other.invalid"), MxPattern.parse(pattern)), Duration.ofDays(1));
        assertThat(policy.permits(HostName.parse(host))).isEqualTo(permitted);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mx.example.org", "*.example.org"})
    void sts_aPatternIsWrittenInTheFormThatIsRead(String text) {
        assertThat(MxPattern.parse(text)).hasToString(text);
    }
}
