// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import jakarta.mail.Session;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.Deadline;
import org.postroad.api.IpAddress;
import org.postroad.provider.internal.connect.Nat64Discovery;
import org.postroad.provider.internal.connect.Nat64Prefix;

/**
 * Directions of dependencies between the internal packages: jakarta -> engine -> {config, deliver, all others};
 * deliver -> {route, dns, connect, tls, smtp, message};
 * queue -> {queue.store, queue.notice, deliver, message, Fence of smtp, ErrorPolicy of route};
 * audit -> {route, dns};
 * queue.notice -> {queue.store, dsn, message}; queue.store -> {dsn, message};
 * config -> the packages whose settings it reads. All may use envelope, which depends on the API only. route, smtp and dsn depend on the
 * API and envelope only; other packages do not depend on one another; no package depends on jakarta.
 */
class ArchitectureTest {

    private static final String ROOMS = "org.postroad.provider.internal.";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.postroad");

    @ParameterizedTest
    @ValueSource(
            strings = {"envelope", "route", "dns", "connect", "tls", "smtp", "message", "dsn", "https", "sts", "tlsrpt"
            })
    void packages_doNotDependOnEachOther(String room) {
        noClasses()
                .that()
                .resideInAPackage(ROOMS + room)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others(room))
                .check(CLASSES);
    }

    /** Other packages, except for envelope, which all may use, and for https, over which policies are fetched and reports uploaded. */
    private static String[] others(String room) {
        List<String> others = new ArrayList<>(Arrays.asList(
                "route",
                "dns",
                "connect",
                "tls",
                "smtp",
                "message",
                "dsn",
                "https",
                "sts",
                "tlsrpt",
                "deliver",
                "audit",
                "queue",
                "queue.store",
                "queue.notice",
                "config",
                "engine",
                "jakarta"));
        others.remove(room);
        if (room.equals("sts") || room.equals("tlsrpt")) {
            others.remove("https");
        }
        return others.stream().map(ROOMS::concat).toArray(String[]::new);
    }

    @ParameterizedTest
    @ValueSource(strings = {"route", "smtp", "dsn"})
    void packages_withoutIoDependOnTheApiOnly(String room) {
        noClasses()
                .that()
                .resideInAPackage(ROOMS + room)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.xbill..", "jakarta..", "org.slf4j..")
                .check(CLASSES);
    }

    @Test
    void envelope_dependsOnTheApiOnly() {
        classes()
                .that()
                .resideInAPackage(ROOMS + "envelope")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java.lang..", "java.util..", "org.postroad.api", ROOMS + "envelope", "org.jspecify..")
                .check(CLASSES);
    }

    @Test
    void route_doesNoIoAndHasNoClockThreadOrLogger() {
        noClasses()
                .that()
                .resideInAPackage(ROOMS + "route")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.io",
                        "java.net..",
                        "java.nio..",
                        "java.util.concurrent..",
                        "java.time..",
                        "java.util.logging..")
                .orShould()
                .accessClassesThat()
                .belongToAnyOf(System.class, System.Logger.class, Thread.class)
                .check(CLASSES);
    }

    @Test
    void dsn_hasNoClockSocketThreadOrLogger() {
        noClasses()
                .that()
                .resideInAPackage(ROOMS + "dsn")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.net..", "java.nio.channels..", "java.util.concurrent..", "java.util.logging..")
                .orShould()
                .accessClassesThat()
                .belongToAnyOf(
                        System.class,
                        System.Logger.class,
                        Thread.class,
                        Clock.class,
                        InstantSource.class,
                        Random.class,
                        SecureRandom.class,
                        UUID.class)
                .orShould()
                .callMethod(Instant.class, "now")
                .check(CLASSES);
    }

    @Test
    void deliver_dependsNeitherOnConfigNorEngineNorJakarta() {
        noClasses()
                .that()
                .resideInAPackage(ROOMS + "deliver")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOMS + "config", ROOMS + "engine", ROOMS + "jakarta", "jakarta..")
                .check(CLASSES);
    }

    /** Mail, policies and reports use the same address guard and the same NAT64. */
    @Test
    void ADDR_05_onlyTheDialRulesCreateAnAddressGuard() {
        noClasses()
                .that()
                .haveNameNotMatching(".*\\.DialRules(\\$.*)?")
                .should()
                .callConstructorWhere(target(owner(name(ROOMS + "connect.AddressGuard"))))
                .orShould()
                .callMethod(Nat64Prefix.class, "synthesize", IpAddress.class)
                .orShould()
                .callMethod(Nat64Discovery.class, "prefixes", Deadline.class)
                .check(CLASSES);
    }

    /** A connector opens all connections except those to DNS servers, which no zone can name. TLS is layered over them. */
    @Test
    void ADDR_05_onlyConnectAndDnsOpenConnections() {
        noClasses()
                .that()
                .resideInAPackage("org.postroad.provider..")
                .and()
                .resideOutsideOfPackages(ROOMS + "connect", ROOMS + "dns")
                .should()
                .callConstructorWhere(target(owner(assignableTo(Socket.class))))
                .orShould()
                .callMethodWhere(target(name("open")).and(target(owner(assignableTo(SelectableChannel.class)))))
                .orShould()
                .callMethodWhere(describe("of what is not TLS over a socket", ArchitectureTest::makesPlainSocket))
                .orShould()
                .callMethodWhere(
                        target(nameMatching("open(Connection|Stream)")).and(target(owner(name("java.net.URL")))))
                .orShould()
                .dependOnClassesThat()
                .resideInAPackage("java.net.http..")
                .check(CLASSES);
    }

    private static boolean makesPlainSocket(JavaMethodCall call) {
        List<JavaClass> parameters = call.getTarget().getRawParameterTypes();
        return call.getTarget().getName().equals("createSocket")
                && (parameters.isEmpty() || !parameters.get(0).isEquivalentTo(Socket.class));
    }

    /** It judges what was found, and asks authoritative servers; it contacts no mail server. */
    @Test
    void audit_dependsOnRouteAndDnsOnly() {
        noClasses()
                .that()
                .resideInAPackage(ROOMS + "audit")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        ROOMS + "connect",
                        ROOMS + "tls",
                        ROOMS + "smtp",
                        ROOMS + "message",
                        ROOMS + "deliver",
                        ROOMS + "queue..",
                        ROOMS + "config",
                        ROOMS + "engine",
                        ROOMS + "jakarta",
                        "jakarta..")
                .check(CLASSES);
    }

    @Test
    void queue_doesNotDependOnTheDeliveryPackages() {
        noClasses()
                .that()
                .resideInAPackage(ROOMS + "queue..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        ROOMS + "dns",
                        ROOMS + "connect",
                        ROOMS + "tls",
                        ROOMS + "config",
                        ROOMS + "engine",
                        ROOMS + "jakarta",
                        "jakarta..")
                .check(CLASSES);
    }

    /** The tables know neither who works with them nor what notices say. */
    @Test
    void queueStore_dependsNeitherOnWorkersNorNotices() {
        noClasses()
                .that()
                .resideInAPackage(ROOMS + "queue.store")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOMS + "queue", ROOMS + "queue.notice", ROOMS + "deliver", ROOMS + "route")
                .check(CLASSES);
    }

    @Test
    void queueNotice_doesNotDependOnTheDeliveryPackages() {
        noClasses()
                .that()
                .resideInAPackage(ROOMS + "queue.notice")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOMS + "queue", ROOMS + "deliver", ROOMS + "route")
                .check(CLASSES);
    }

    @Test
    void jakarta_isUsedByTheTransportOnly() {
        classes()
                .that()
                .resideInAPackage(ROOMS + "jakarta")
                .should()
                .onlyBeAccessed()
                .byAnyPackage(ROOMS + "jakarta", "org.postroad.provider")
                .check(CLASSES);
    }

    /**
     * So that every reader of settings accepts an InternetAddress object. What a CDI container calls hands them on, as applications do.
     */
    @Test
    void config_sessionPropertiesAreReadInOnePlace() {
        noClasses()
                .that()
                .doNotHaveSimpleName("Engines")
                .and()
                .resideOutsideOfPackage(ROOMS + "cdi")
                .should()
                .callMethod(Session.class, "getProperties")
                .check(CLASSES);
    }

    /** Except what servlet and CDI containers call, which use Postroad as an application does. */
    @Test
    void jakarta_isTheOnlyPackageThatUsesJakartaMail() {
        noClasses()
                .that()
                .resideInAPackage("org.postroad.provider.internal..")
                .and()
                .resideOutsideOfPackages(ROOMS + "jakarta", ROOMS + "servlet", ROOMS + "cdi")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jakarta.mail..")
                .check(CLASSES);
    }

    /** So that they are loaded only where the libraries are; those that are missing lose their annotations only. */
    @Test
    void cdi_itsTypesAreUsedByTheClassesOfContainersAndTheLookupOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOMS + "cdi")
                .and()
                .haveNameNotMatching(".*\\.engine\\.Cdi(Beans|Observers)(\\$.*)?")
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                                "jakarta.enterprise..",
                                "jakarta.inject..",
                                "jakarta.interceptor..",
                                "org.eclipse.microprofile..")
                        .and(describe("are no annotations", type -> !type.isAnnotation())))
                .check(CLASSES);
        noClasses()
                .that()
                .doNotHaveSimpleName("MicroProfileSettings")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.eclipse.microprofile..")
                .check(CLASSES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"servlet", "cdi"})
    void packages_ofContainersAreUsedByThemOnly(String room) {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOMS + room)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOMS + room)
                .check(CLASSES);
    }

    /** Parts of dnsjava take quadratic time in the number of records of a message, so the records are counted first. */
    @Test
    void dns_onlyOneParserReadsAnswersOfServers() {
        noClasses()
                .should()
                .callConstructor(org.xbill.DNS.Message.class, byte[].class)
                .orShould()
                .callConstructor(org.xbill.DNS.Message.class, ByteBuffer.class)
                .check(CLASSES);
        noClasses()
                .that()
                .doNotHaveSimpleName("ValidatorInput")
                .should()
                .callMethod(org.xbill.DNS.Message.class, "normalize", org.xbill.DNS.Message.class, boolean.class)
                .orShould()
                .callMethod(org.xbill.DNS.Message.class, "getSectionRRsets", int.class)
                .check(CLASSES);
    }

    @Test
    void api_dependsOnTheJdkOnly() {
        classes()
                .that()
                .resideInAnyPackage("org.postroad.api", "org.postroad.spi")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "org.postroad.api", "org.postroad.spi", "org.jspecify..")
                .check(CLASSES);
    }
}
