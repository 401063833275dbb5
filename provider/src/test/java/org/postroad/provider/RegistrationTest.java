// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.Provider;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.ParameterizedType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.provider.internal.config.Settings.Plugins;

/** The ways in which Jakarta Mail and ServiceLoader find us say the same. */
class RegistrationTest {

    private static Path classes() throws Exception {
        return Path.of(MxProvider.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
    }

    private static ModuleDescriptor module() throws Exception {
        try (InputStream in = Files.newInputStream(classes().resolve("module-info.class"))) {
            return ModuleDescriptor.read(in);
        }
    }

    private static String resource(String name) throws Exception {
        return Files.readString(classes().resolve("META-INF").resolve(name), StandardCharsets.UTF_8)
                .strip();
    }

    @Test
    void registration_theModuleProvidesWhatTheServiceFileNames() throws Exception {
        assertThat(module().provides()).singleElement().satisfies(provides -> {
            assertThat(provides.service()).isEqualTo(Provider.class.getName());
            assertThat(provides.providers()).containsExactly(resource("services/jakarta.mail.Provider"));
        });
        assertThat(resource("services/jakarta.mail.Provider")).isEqualTo(MxProvider.class.getName());
    }

    @ParameterizedTest
    @ValueSource(strings = {"jakarta.providers", "javamail.providers"})
    void registration_theTextFilesSayWhatTheProviderSays(String file) throws Exception {
        MxProvider provider = new MxProvider();
        assertThat(resource(file))
                .isEqualTo("protocol=" + provider.getProtocol() + "; type=transport; class=" + provider.getClassName()
                        + "; vendor=" + provider.getVendor() + "; version=" + provider.getVersion());
    }

    @Test
    void registration_thePackageOfTheTransportAndNoOtherIsExported() throws Exception {
        assertThat(module().exports()).singleElement().satisfies(exports -> {
            assertThat(exports.source()).isEqualTo(MxTransport.class.getPackageName());
            assertThat(exports.isQualified()).isFalse();
        });
    }

    @Test
    void registration_theModuleUsesEverySpiThatCanBeReplaced() throws Exception {
        assertThat(module().uses())
                .containsExactlyInAnyOrderElementsOf(Stream.of(Plugins.class.getRecordComponents())
                        .map(component -> (ParameterizedType) component.getGenericType())
                        .map(type -> type.getActualTypeArguments()[0].getTypeName())
                        .toList());
    }
}
