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
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.provider.internal.cdi.MailBeans;
import org.postroad.provider.internal.config.Settings.Plugins;

/** The registrations for Jakarta Mail and for ServiceLoader agree. */
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

    private static final List<Provider> PROVIDERS = List.of(new MxProvider(), new MxQueueProvider());

    @Test
    void registration_theModuleProvidesTheClassesOfTheServiceFiles() throws Exception {
        List<String> names = PROVIDERS.stream()
                .map(provider -> provider.getClass().getName())
                .toList();
        assertThat(module().provides()).singleElement().satisfies(provides -> {
            assertThat(provides.service()).isEqualTo(Provider.class.getName());
            assertThat(provides.providers()).isEqualTo(names);
        });
        assertThat(resource("services/jakarta.mail.Provider").lines()).containsExactlyElementsOf(names);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jakarta.providers", "javamail.providers"})
    void registration_theTextFilesMatchTheProviders(String file) throws Exception {
        assertThat(resource(file).lines())
                .containsExactlyElementsOf(PROVIDERS.stream()
                        .map(provider -> "protocol=" + provider.getProtocol() + "; type=transport; class="
                                + provider.getClassName() + "; vendor=" + provider.getVendor() + "; version="
                                + provider.getVersion())
                        .toList());
    }

    @Test
    void registration_onlyThePackageOfTheTransportIsExported() throws Exception {
        assertThat(module().exports()).singleElement().satisfies(exports -> {
            assertThat(exports.source()).isEqualTo(MxTransport.class.getPackageName());
            assertThat(exports.isQualified()).isFalse();
        });
    }

    @Test
    void registration_theBeansAreFoundByTheirAnnotations() throws Exception {
        assertThat(resource("beans.xml")).contains("bean-discovery-mode=\"annotated\"");
        assertThat(module().opens()).singleElement().satisfies(opens -> {
            assertThat(opens.source()).isEqualTo(MailBeans.class.getPackageName());
            assertThat(opens.isQualified()).isFalse();
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
