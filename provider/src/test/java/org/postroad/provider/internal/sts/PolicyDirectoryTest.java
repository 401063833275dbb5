// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.sts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.postroad.provider.internal.sts.ScriptedSource.policy;
import static org.postroad.provider.internal.sts.StsTesting.PATIENCE;
import static org.postroad.provider.internal.sts.StsTesting.found;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.Deadline;
import org.postroad.api.Family;
import org.postroad.api.HostName;
import org.postroad.fixtures.FakeDnsServer;
import org.postroad.fixtures.VirtualClock;
import org.postroad.provider.LogTap;
import org.postroad.provider.internal.dns.DnsSettings;
import org.postroad.provider.internal.dns.DnsjavaMailDns;
import org.postroad.provider.internal.sts.CachedPolicy.FetchedPolicy;

/** Policies across restarts: which are used, which are removed, and how invalid files are handled. */
@Timeout(300)
class PolicyDirectoryTest {

    private static final Duration MAX_AGE = Duration.ofDays(7);
    private static final String RECORD = "_mta-sts.example.test. TXT \"v=STSv1; id=%s\"";
    private static final HostName DOMAIN = HostName.parse("example.test");

    /** SHA-256 of the domain. */
    private static final String HASH = "9b263fbcb589853137b33ddcafa5bcc5403464ead4da766d0f819348bf8d472c";

    @TempDir
    private Path directory;

    @RegisterExtension
    final LogTap renewals = LogTap.of(StsPolicies.class);

    private final VirtualClock clock = new VirtualClock();
    private final FakeDnsServer server = FakeDnsServer.start("");
    private final DnsjavaMailDns dns =
            new DnsjavaMailDns(DnsSettings.DEFAULTS.withServers(List.of(server.address(Family.IPV4))));
    private final ScriptedSource source = new ScriptedSource();

    @AfterEach
    void close() {
        dns.close();
        server.close();
    }

    private PolicyDirectory open() {
        return PolicyDirectory.open(directory, clock.instant());
    }

    /** Returns what a new process finds. */
    private String find() throws InterruptedException {
        StsPolicies policies = new StsPolicies(dns, clock, Optional.of(open()));
        return found(policies, source, "example.test", Deadline.after(PATIENCE));
    }

    private Path file() {
        return directory.resolve(HASH + PolicyDirectory.SUFFIX);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private void fetch(String id, String mode) throws InterruptedException {
        server.zone(RECORD.formatted(id));
        source.serves(policy(mode, MAX_AGE));
        find();
    }

    @Test
    void sts_aPolicyAppliesAfterARestartWithoutAFetch() throws Exception {
        fetch("1", "enforce");
        assertThat(find()).isEqualTo("ENFORCE 1");
        assertThat(source.fetches()).isEqualTo(1);
    }

    @Test
    void sts_afterARestartASuppressedRecordOrPolicyHostDoesNotSwitchThePolicyOff() throws Exception {
        fetch("1", "enforce");
        server.zone("");
        assertThat(find()).isEqualTo("ENFORCE 1 after failure");
        server.zone(RECORD.formatted("2"));
        source.fails("nobody there");
        assertThat(find()).isEqualTo("ENFORCE 1 after failure");
        assertThat(renewals.problems()).singleElement().asString().contains("could not be renewed");
    }

    @Test
    void sts_aNewPolicyReplacesTheStoredOne() throws Exception {
        fetch("1", "enforce");
        fetch("2", "none");
        assertThat(find()).isEqualTo("none");
        assertThat(source.fetches()).isEqualTo(2);
        assertThat(files()).containsExactly(HASH + ".mta-sts");
    }

    @Test
    void sts_aPolicyDroppedFromMemoryIsReadAgain() throws Exception {
        StsPolicies few = new StsPolicies(dns, clock, Optional.of(open()), 700); // room for one domain, in octets
        server.zone("_mta-sts.a.test. TXT \"v=STSv1; id=1\"\n_mta-sts.b.test. TXT \"v=STSv1; id=1\"");
        for (String domain : List.of("a.test", "b.test", "a.test", "b.test")) {
            assertThat(found(few, source, domain, Deadline.after(PATIENCE))).isEqualTo("ENFORCE 1");
        }
        assertThat(source.fetches()).isEqualTo(2);
    }

    @Test
    void sts_aFileHasTheRecordTheTimeAndThePolicy() throws Exception {
        fetch("1", "enforce");
        assertThat(file()).hasContent("""
                        example.test
                        v=STSv1; id=1;
                        2030-01-01T00:00:00Z
                        version: STSv1
                        mode: enforce
                        mx: mx.example.test
                        max_age: 604800
                        """);
    }

    @Test
    void sts_anExpiredPolicyIsRemovedWhenReadAndWhenTheDirectoryIsOpened() throws Exception {
        fetch("1", "enforce");
        PolicyDirectory opened = open();
        clock.advance(MAX_AGE);
        assertThat(opened.read(DOMAIN, clock.instant())).isPresent();
        clock.advance(Duration.ofNanos(1));
        assertThat(opened.read(DOMAIN, clock.instant())).isEmpty();
        assertThat(files()).isEmpty();

        fetch("2", "enforce");
        clock.advance(MAX_AGE);
        open();
        assertThat(files()).hasSize(1);
        clock.advance(Duration.ofNanos(1));
        open();
        assertThat(files()).isEmpty();
    }

    @Test
    void sts_aClockThatWasSetBackDoesNotProlongAPolicy() throws Exception {
        fetch("1", "enforce");
        Instant before = clock.instant().minus(Duration.ofDays(365));
        assertThat(open().read(DOMAIN, before)).map(FetchedPolicy::fetchedAt).contains(before);
    }

    @Test
    void sts_theNumberOfFilesReadHasALimit() throws Exception {
        fetch("1", "enforce");
        FetchedPolicy kept = open().read(DOMAIN, clock.instant()).orElseThrow();
        for (String other : List.of("a.test", "b.test", "c.test")) {
            open().write(HostName.parse(other), kept);
        }
        clock.advance(MAX_AGE.plusNanos(1));
        PolicyDirectory.open(directory, clock.instant(), 3);
        assertThat(files()).hasSize(1);
        PolicyDirectory.open(directory, clock.instant(), 1);
        assertThat(files()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "example.test\nv=STSv1; id=1;\n2030-01-01T00:00:00Z\n",
                "example.test\nv=STSv1; id=1;\n2030-01-01T00:00:00Z\nversion: STSv1\nmode: enforce\nmx: mx.example.test\nmax_",
                "example.test\nv=STSv1; id=1;\nyesterday\nversion: STSv1\nmode: none\nmax_age: 604800\n",
                "example.test\nv=STSv1;\n2030-01-01T00:00:00Z\nversion: STSv1\nmode: none\nmax_age: 604800\n",
                "other.test\nv=STSv1; id=1;\n2030-01-01T00:00:00Z\nversion: STSv1\nmode: none\nmax_age: 604800\n",
                "-.test\nv=STSv1; id=1;\n2030-01-01T00:00:00Z\nversion: STSv1\nmode: none\nmax_age: 604800\n",
                "version: STSv1\nmode: none\nmax_age: 604800\n"
            })
    void sts_aFileWithoutAPolicyIsLoggedAndRemovedAndFetchedAgain(String content) throws Exception {
        Files.writeString(file(), content);
        try (LogTap log = LogTap.of(PolicyDirectory.class)) {
            open();
            assertThat(log.messages()).singleElement().asString().contains("mtasts.directory", HASH + ".mta-sts");
        }
        assertThat(files()).isEmpty();
        server.zone(RECORD.formatted("1"));
        assertThat(find()).isEqualTo("ENFORCE 1");
        assertThat(files()).hasSize(1);
    }

    /** Also on another thread. */
    @Test
    void sts_aPolicyInMemoryIsNotReadAgain() throws Exception {
        fetch("1", "enforce");
        StsPolicies policies = new StsPolicies(dns, clock, Optional.of(open()));
        assertThat(found(policies, source, "example.test", Deadline.after(PATIENCE)))
                .isEqualTo("ENFORCE 1");
        Files.writeString(file(), "nothing");
        FutureTask<String> another =
                new FutureTask<>(() -> found(policies, source, "example.test", Deadline.after(PATIENCE)));
        new Thread(another, "another").start();
        assertThat(another.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("ENFORCE 1");
        assertThat(file()).hasContent("nothing");
    }

    @Test
    void sts_aFileThatCannotBeReadOrRemovedIsLoggedAndKept() throws Exception {
        Path unfinished = Files.createDirectories(directory.resolve("1" + PolicyDirectory.UNFINISHED));
        Files.createFile(unfinished.resolve("child"));
        Files.setLastModifiedTime(unfinished, FileTime.from(clock.instant()));
        clock.advance(PolicyDirectory.WRITTEN_AFTER.plusSeconds(1));
        Files.createDirectory(file());
        try (LogTap log = LogTap.of(PolicyDirectory.class)) {
            open();
            assertThat(log.problems())
                    .containsExactlyInAnyOrder(
                            "WARNING MTA-STS policies (mail.mx.mtasts.directory): " + file() + " cannot be read",
                            "WARNING MTA-STS policies (mail.mx.mtasts.directory): " + unfinished
                                    + " cannot be removed");
        }
        assertThat(file()).exists();
        assertThat(unfinished).exists();
    }

    @Test
    void sts_theConfiguredPathMustBeADirectory() {
        assertThat(PolicyDirectory.named(directory.toString())).isEqualTo(directory.toAbsolutePath());
        assertThatThrownBy(() -> PolicyDirectory.named(file().toString()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("it is not a directory");
    }

    /** The directory may be shared by all users, so the suggested command must not change its permissions. */
    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void sts_aDirectoryThatOthersCanWriteToIsRefused() throws Exception {
        Path shared = Files.createDirectory(directory.resolve("shared"));
        Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThatThrownBy(() -> PolicyDirectory.named(shared.toString()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("anybody can write to it")
                .hasMessageEndingWith("mkdir -m 700 " + shared.resolve("mta-sts"));
    }

    @Test
    void sts_aFileLargerThanAPolicyIsRefused() throws Exception {
        fetch("1", "enforce");
        String most = Files.readString(file());
        int room = StsPolicy.MAX_OCTETS - (most.length() - most.indexOf("version"));
        Files.writeString(file(), most + "\n".repeat(room));
        assertThat(open().read(DOMAIN, clock.instant())).isPresent();
        Files.writeString(file(), most + "\n".repeat(room + 1));
        try (LogTap log = LogTap.of(PolicyDirectory.class)) {
            assertThat(open().read(DOMAIN, clock.instant())).isEmpty();
            assertThat(log.problems()).singleElement().asString().contains("mtasts.directory", file().toString());
        }
        assertThat(files()).isEmpty();
    }

    @Test
    void sts_everyDomainHasAFile() throws Exception {
        fetch("1", "enforce");
        FetchedPolicy kept = open().read(DOMAIN, clock.instant()).orElseThrow();
        String longest = ("a".repeat(62) + ".").repeat(4) + "b";
        assertThat(longest).hasSize(253);
        for (String text : List.of("con.test", "nul", longest)) {
            HostName domain = HostName.parse(text);
            open().write(domain, kept);
            assertThat(open().read(domain, clock.instant())).contains(kept);
        }
        assertThat(files()).hasSize(4).allMatch(name -> name.endsWith(PolicyDirectory.SUFFIX));
    }

    @Test
    void sts_aPartlyWrittenFileIsRemoved() throws Exception {
        fetch("1", "enforce");
        FetchedPolicy kept = open().read(DOMAIN, clock.instant()).orElseThrow();
        Files.delete(file());
        Files.createFile(Files.createDirectory(file()).resolve("in the way"));
        try (LogTap log = LogTap.of(PolicyDirectory.class)) {
            open().write(DOMAIN, kept);
            assertThat(log.messages()).last().asString().contains("example.test", "could not be written");
        }
        assertThat(files()).containsExactly(file().getFileName().toString());
    }

    @Test
    void sts_partlyWrittenFilesOfOtherProcessesAreRemovedLater() throws Exception {
        Path unfinished = Files.createFile(directory.resolve("1" + PolicyDirectory.UNFINISHED));
        Files.setLastModifiedTime(unfinished, FileTime.from(clock.instant()));
        Path other = Files.createFile(directory.resolve("somebody-else.tmp"));
        Files.setLastModifiedTime(other, FileTime.from(clock.instant()));
        clock.advance(PolicyDirectory.WRITTEN_AFTER);
        open();
        assertThat(unfinished).exists();
        clock.advance(Duration.ofSeconds(1));
        open();
        assertThat(unfinished).doesNotExist();
        assertThat(other).exists();
    }

    @Test
    void sts_policiesInMemoryApplyIfTheDirectoryIsLost() throws Exception {
        StsPolicies policies = new StsPolicies(dns, clock, Optional.of(open()));
        Files.delete(directory);
        server.zone(RECORD.formatted("1"));
        try (LogTap log = LogTap.of(PolicyDirectory.class)) {
            assertThat(found(policies, source, "example.test", Deadline.after(PATIENCE)))
                    .isEqualTo("ENFORCE 1");
            server.zone("");
            assertThat(found(policies, source, "example.test", Deadline.after(PATIENCE)))
                    .isEqualTo("ENFORCE 1 after failure");
            open();
            assertThat(log.messages())
                    .hasSize(2)
                    .allSatisfy(message -> assertThat(message).contains("mtasts.directory", directory.toString()));
        }
    }

    private static FetchedPolicy kept(Instant at, String... exchangers) {
        List<MxPattern> patterns = Stream.of(exchangers).map(MxPattern::parse).toList();
        return new FetchedPolicy(new StsPolicy(StsPolicy.Mode.ENFORCE, patterns, MAX_AGE), "1", at);
    }

    /** Returns the domains from a.test to e.test whose policies are stored. */
    private List<String> kept(PolicyDirectory opened) {
        return Stream.of("a.test", "b.test", "c.test", "d.test", "e.test")
                .filter(domain ->
                        opened.read(HostName.parse(domain), clock.instant()).isPresent())
                .toList();
    }

    private void write(PolicyDirectory opened, String domain, String... exchangers) {
        opened.write(HostName.parse(domain), kept(clock.instant(), exchangers));
    }

    /** Announcing many policies evicts no other domain's policy; expired policies make room again. */
    @Test
    void limit_policiesOfADirectory() throws IOException {
        PolicyDirectory opened = PolicyDirectory.open(directory, clock.instant(), 3);
        for (String domain : List.of("a.test", "b.test", "c.test", "d.test")) {
            write(opened, domain, "mx.test");
        }
        assertThat(kept(opened)).containsExactly("a.test", "b.test", "c.test");
        write(opened, "a.test", "other.test");
        assertThat(opened.read(HostName.parse("a.test"), clock.instant())
                        .orElseThrow()
                        .policy()
                        .mx())
                .hasToString("[other.test]");
        clock.advance(MAX_AGE.plusSeconds(1));
        write(opened, "d.test", "mx.test");
        assertThat(kept(opened)).containsExactly("d.test");
        assertThat(files()).hasSize(1);
        PolicyDirectory again = PolicyDirectory.open(directory, clock.instant(), 1);
        write(again, "e.test", "mx.test");
        assertThat(kept(again)).containsExactly("d.test");
    }

    @Test
    void limit_octetsOfACachedPolicy() {
        PolicyDirectory opened = open();
        write(opened, "a.test", exchangers(""));
        write(opened, "b.test", exchangers("y".repeat(20) + "."));
        assertThat(kept(opened)).containsExactly("a.test");
    }

    private static String[] exchangers(String more) {
        return IntStream.range(0, StsPolicy.MAX_MX)
                .mapToObj(i -> "x".repeat(60) + i + "." + more + "test")
                .toArray(String[]::new);
    }
}
