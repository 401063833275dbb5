// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.postroad.api.BounceClass;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.Mailbox;
import org.postroad.api.Outcome;
import org.postroad.api.RecipientReport;
import org.postroad.api.RecipientReport.Decision;
import org.postroad.api.Reply;
import org.postroad.api.Stage;
import org.postroad.api.Verdict;
import org.postroad.provider.internal.route.ErrorPolicy;
import org.postroad.tck.catalogue.Catalogue;
import org.postroad.tck.catalogue.Row;

/** The page {@code WHY.md} has each status, rule and class that a report can have, and no other; its classes are those of the code. */
class WhyPageTest {

    private static final Path PAGE = Path.of("WHY.md");
    private static final JavaClasses PROVIDER = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.postroad.provider");

    private static List<MatchResult> rows(String pattern) throws IOException {
        return Pattern.compile("(?m)^\\| " + pattern + " \\|")
                .matcher(Files.readString(PAGE))
                .results()
                .toList();
    }

    /** Returns the constants that the provider uses. It also uses success, which needs no explanation. */
    private static Set<EnhancedStatus> emitted() {
        return PROVIDER.stream()
                .flatMap(type -> type.getFieldAccessesFromSelf().stream())
                .filter(access -> access.getTargetOwner().isEquivalentTo(EnhancedStatus.class))
                .map(access -> access.getTarget().getName())
                .map(name -> {
                    try {
                        return (EnhancedStatus)
                                EnhancedStatus.class.getField(name).get(null);
                    } catch (ReflectiveOperationException e) {
                        throw new LinkageError(e.getMessage(), e);
                    }
                })
                .filter(status -> !status.isSuccess())
                .collect(Collectors.toSet());
    }

    @Test
    void statuses_ofTheProviderAreOnThePageAndNoOther() throws IOException {
        assertThat(rows("([45]\\.\\d+\\.\\d+)").stream().map(row -> row.group(1)))
                .containsExactlyInAnyOrderElementsOf(
                        emitted().stream().map(EnhancedStatus::toString).toList());
    }

    /** Otherwise the test of the statuses would not see all of them. {@code ErrorPolicy} compares two statuses of servers. */
    @Test
    void statuses_areConstants() {
        assertThat(PROVIDER.stream()
                        .flatMap(type -> type.getCodeUnitCallsFromSelf().stream())
                        .filter(call -> call.getTargetOwner().isEquivalentTo(EnhancedStatus.class)
                                && Set.of("<init>", "undefined").contains(call.getName()))
                        .map(call -> call.getOriginOwner().getName()))
                .containsOnly(ErrorPolicy.class.getName());
    }

    @Test
    void statuses_haveTheClassOfTheCode() throws IOException {
        assertThat(rows("([45]\\.\\d+\\.\\d+) \\| ([A-Z_]+)"))
                .hasSize(emitted().size())
                .allSatisfy(row -> assertThat(
                                classOfOwn(EnhancedStatus.tryParse(row.group(1)).orElseThrow()))
                        .as(row.group())
                        .contains(BounceClass.valueOf(row.group(2))));
    }

    private static Optional<BounceClass> classOfOwn(EnhancedStatus status) {
        return new RecipientReport(
                        Mailbox.parse("user@example.org"),
                        status.isPermanent() ? Verdict.FAILED : Verdict.DEFERRED,
                        status,
                        new Decision("END-01", "because"),
                        Optional.empty())
                .bounceClass();
    }

    @Test
    void classes_areThoseOfTheCode() throws IOException {
        String rows = Arrays.stream(BounceClass.values())
                .map(each -> "| " + each.name() + " | " + each.meaning() + " | " + each.remedy() + " |")
                .collect(Collectors.joining("\n"));
        new PageSection(PAGE, "classes").assertContent("| Class | Meaning | What to do |\n|---|---|---|\n" + rows);
    }

    static Stream<Arguments> replies() throws IOException {
        return rows("[^|`]+ \\| ([A-Z_]+) \\| `(\\d{3}) ([^`]+)` \\| ([A-Z_]+)").stream()
                .map(row -> Arguments.of(row.group(1), row.group(2), row.group(3), row.group(4)));
    }

    @ParameterizedTest
    @MethodSource("replies")
    void replies_haveTheClassOfTheCode(Stage stage, int code, String text, BounceClass bounceClass) {
        assertThat(new Outcome.Refused(new Reply(code, List.of(text))).bounceClass(stage))
                .contains(bounceClass);
    }

    /** A row that the pattern does not match would not be tested. */
    @Test
    void replies_areAllTested() throws IOException {
        assertThat(replies())
                .hasSize(rows("[^|\\n]+ \\| [^|\\n]+ \\| `\\d[^|\\n]*").size());
    }

    /** A class is on the page as the class of a reply, or of a status that only we determine. */
    @Test
    void classes_eachHasAnExample() throws IOException {
        Set<String> named = new TreeSet<>();
        replies().forEach(row -> named.add((String) row.get()[3]));
        rows("[45]\\.\\d+\\.\\d+ \\| ([A-Z_]+)").forEach(row -> named.add(row.group(1)));
        assertThat(named)
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(BounceClass.values()).map(Enum::name).toList());
    }

    @Test
    void rules_ofTheProviderAreOnThePageAndNoOther() throws IOException {
        Set<String> rules = new TreeSet<>();
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                Pattern.compile("\"([A-Z]{3,}-\\d\\d)\"")
                        .matcher(Files.readString(file))
                        .results()
                        .forEach(rule -> rules.add(rule.group(1)));
            }
        }
        rules.removeIf(rule -> rule.startsWith("AUDIT-")); // about a site, and on the page AUDIT.md
        assertThat(rows("([A-Z]{3,}-\\d\\d)").stream().map(row -> row.group(1)))
                .containsExactlyInAnyOrderElementsOf(rules);
        assertThat(rules)
                .isSubsetOf(Catalogue.CURRENT.rows().stream().map(Row::id).toList());
    }
}
