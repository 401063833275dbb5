// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.Session;
import jakarta.mail.Transport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanFeatureInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.OpenMBeanAttributeInfo;
import javax.management.openmbean.TabularData;
import javax.management.openmbean.TabularType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postroad.api.Domain;

/** The page {@code OBSERVE.md} has the attributes of the beans, and its configuration of jmx_exporter and its alerts fit them. */
@Timeout(60)
class ObservePageTest extends TransportTesting {

    private static final Path PAGE = Path.of("OBSERVE.md");

    @TempDir
    Path directory;

    @BeforeEach
    void useTheQueue() {
        properties.setProperty("mail.transport.protocol.rfc822", "mxqueue");
        properties.setProperty("mail.mx.queue.url", "jdbc:sqlite:" + directory.resolve("queue.db"));
    }

    private MailQueue queueWithMail() throws Exception {
        MailQueue queue = MailQueue.open(Session.getInstance(properties));
        Transport.send(message("a@v4.test"));
        while (queue.statistics().delivered() == 0) {
            if (Thread.interrupted()) {
                throw new AssertionError("Nothing was delivered");
            }
        }
        queue.pause(Domain.parse("v6.test"));
        Transport.send(message("a@v6.test"));
        return queue;
    }

    private static String table(MBeanInfo bean) {
        StringBuilder text = new StringBuilder("| Attribute | Meaning |\n|---|---|\n");
        for (MBeanAttributeInfo attribute : bean.getAttributes()) {
            text.append("| `").append(attribute.getName()).append("` | ").append(attribute.getDescription());
            if (((OpenMBeanAttributeInfo) attribute).getOpenType() instanceof TabularType table) {
                text.append(": ")
                        .append(table.getRowType().keySet().stream()
                                .map(column -> "`" + column + "`")
                                .collect(Collectors.joining(", ")));
            }
            text.append(" |\n");
        }
        text.append("\n| Operation | What it does |\n|---|---|\n");
        for (MBeanOperationInfo operation : bean.getOperations()) {
            text.append("| `")
                    .append(operation.getName())
                    .append('(')
                    .append(Arrays.stream(operation.getSignature())
                            .map(MBeanFeatureInfo::getName)
                            .collect(Collectors.joining(", ")))
                    .append(")` | ")
                    .append(operation.getDescription())
                    .append(" |\n");
        }
        return text.toString().stripTrailing();
    }

    private static void assertSection(String name, String content) throws IOException {
        String begin = "<!-- generated: " + name + " -->\n";
        String end = "\n<!-- end: " + name + " -->";
        String text = Files.readString(PAGE);
        int from = text.indexOf(begin) + begin.length();
        int to = text.indexOf(end);
        if (Boolean.getBoolean("postroad.pages.write")) {
            Files.writeString(PAGE, text.substring(0, from) + content + text.substring(to));
        }
        assertThat(Files.readString(PAGE))
                .as("section %s; to write it, run this test with -Dpostroad.pages.write=true", name)
                .contains(begin + content + end);
    }

    @Test
    void page_hasTheAttributesAndOperationsOfBothBeans() throws Exception {
        try (MailQueue queue = queueWithMail()) {
            assertThat(queue.size()).isOne();
            assertSection("MailQueue", table(Beans.SERVER.getMBeanInfo(Beans.only("MailQueue"))));
            assertSection("Transport", table(Beans.SERVER.getMBeanInfo(Beans.only("Transport"))));
        }
    }

    /** A rule of jmx_exporter. */
    private record ExporterRule(Pattern pattern, String name, String type, Map<String, String> labels) {}

    private static List<ExporterRule> rules() throws IOException {
        List<ExporterRule> rules = new ArrayList<>();
        for (String rule : block("includeObjectNames").split("(?m)^  - ", -1)) {
            Optional<String> pattern = value(rule, "pattern");
            if (pattern.isPresent()) {
                assertThat(value(rule, "attrNameSnakeCase")).contains("true");
                Map<String, String> labels = new LinkedHashMap<>();
                Matcher label = Pattern.compile("(?m)^      (\\w+): \"(.*)\"$").matcher(rule);
                while (label.find()) {
                    labels.put(label.group(1), label.group(2));
                }
                rules.add(new ExporterRule(
                        Pattern.compile("^.*(?:" + pattern.get() + ").*$"),
                        value(rule, "name").orElseThrow(),
                        value(rule, "type").orElseThrow(),
                        labels));
            }
        }
        return rules;
    }

    private static Optional<String> value(String rule, String key) {
        Matcher line = Pattern.compile("(?m)^\\s*" + key + ": '?(.*?)'?$").matcher(rule);
        return line.find() ? Optional.of(line.group(1)) : Optional.empty();
    }

    /** Returns the block of YAML that has this text. */
    private static String block(String has) throws IOException {
        return Pattern.compile("(?s)```yaml\n(.*?)```")
                .matcher(Files.readString(PAGE))
                .results()
                .map(block -> block.group(1))
                .filter(yaml -> yaml.contains(has))
                .findFirst()
                .orElseThrow();
    }

    /** Returns what jmx_exporter matches with its patterns: {@code domain<properties><path>name: value}. */
    private static List<String> scraped() throws Exception {
        List<String> lines = new ArrayList<>();
        for (ObjectName bean : Beans.names("org.postroad:*")) {
            String keys = bean.getKeyPropertyListString().replace(",name=", ", name=");
            for (Map.Entry<String, Object> attribute : Beans.poll(bean).entrySet()) {
                if (attribute.getValue() instanceof TabularData table) {
                    rows(keys, attribute.getKey(), table, lines);
                } else {
                    add(keys, "", attribute.getKey(), attribute.getValue(), lines);
                }
            }
        }
        return lines;
    }

    private static void rows(String keys, String name, TabularData table, List<String> lines) {
        String index = table.getTabularType().getIndexNames().get(0);
        for (Object value : table.values()) {
            CompositeData row = (CompositeData) value;
            for (String column : row.getCompositeType().keySet()) {
                if (!column.equals(index)) {
                    add(keys + ", " + index + "=" + row.get(index), name, column, row.get(column), lines);
                }
            }
        }
    }

    private static void add(String keys, String path, String name, Object value, List<String> lines) {
        if (value instanceof Number || value instanceof Boolean) {
            String snake = name.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
            lines.add("org.postroad<" + keys + "><" + path + ">" + snake + ": " + value);
        }
    }

    private record Metric(String name, String type, Map<String, String> labels) {}

    private static Metric metric(String line) throws IOException {
        for (ExporterRule rule : rules()) {
            Matcher matcher = rule.pattern().matcher(line);
            if (matcher.matches()) {
                Map<String, String> labels = new LinkedHashMap<>();
                rule.labels().forEach((label, text) -> labels.put(label, matcher.replaceAll(text)));
                return new Metric(matcher.replaceAll(rule.name()), rule.type(), labels);
            }
        }
        throw new AssertionError("No rule matches " + line);
    }

    private static Map<String, Metric> metrics() throws Exception {
        Map<String, Metric> metrics = new LinkedHashMap<>();
        for (String line : scraped()) {
            Metric metric = metric(line);
            metrics.put(metric.name() + metric.labels().values(), metric);
        }
        return metrics;
    }

    private static String type(Map<String, Metric> metrics, String name) {
        return Objects.requireNonNull(metrics.get(name), name).type();
    }

    @Test
    void exporter_eachFigureIsOneMetricWithTheNameOfItsQueue() throws Exception {
        for (String name : List.of("orders", "")) {
            if (name.isEmpty()) {
                properties.remove("mail.mx.queue.name");
            } else {
                properties.setProperty("mail.mx.queue.name", name);
            }
            String expected = name.isEmpty() ? "jdbc:sqlite:" + directory.resolve("queue.db") : name;
            try (MailQueue queue = queueWithMail()) {
                assertThat(queue.size()).isPositive();
                Map<String, Metric> metrics = metrics();
                assertThat(metrics).hasSameSizeAs(scraped());
                assertThat(type(metrics, "postroad_queue_messages[" + expected + "]"))
                        .isEqualTo("GAUGE");
                assertThat(type(metrics, "postroad_queue_delivered_total[" + expected + "]"))
                        .isEqualTo("COUNTER");
                assertThat(metrics)
                        .containsKeys(
                                "postroad_queue_destination_waiting[" + expected + ", v6.test]",
                                "postroad_queue_destination_oldest_seconds[" + expected + ", v6.test]",
                                "postroad_queue_failed_by_class_total[" + expected + ", SPAM]",
                                "postroad_transport_sends_total[client.test]",
                                "postroad_transport_connections_in_use[client.test]");
            }
        }
    }

    /** An attribute that its description calls a counter has a metric of that type, and no other one has. */
    @Test
    void exporter_countersAreThoseOfTheDescriptions() throws Exception {
        try (MailQueue queue = queueWithMail()) {
            assertThat(queue.size()).isOne();
            Map<String, Metric> metrics = metrics();
            for (String type : List.of("MailQueue", "Transport")) {
                for (MBeanAttributeInfo attribute :
                        Beans.SERVER.getMBeanInfo(Beans.only(type)).getAttributes()) {
                    if (attribute.getType().equals("java.lang.Long")) {
                        String line = "org.postroad<type=" + type + ", name=x><>"
                                + attribute
                                        .getName()
                                        .replaceAll("([a-z0-9])([A-Z])", "$1_$2")
                                        .toLowerCase(Locale.ROOT)
                                + ": 1";
                        boolean counter = attribute.getDescription().startsWith("Counter: ");
                        assertThat(metric(line).type()).as(line).isEqualTo(counter ? "COUNTER" : "GAUGE");
                        assertThat(metric(line).name().endsWith("_total"))
                                .as(line)
                                .isEqualTo(counter);
                    }
                }
            }
            assertThat(metrics).isNotEmpty();
        }
    }

    @Test
    void alerts_useMetricsThatExist() throws Exception {
        try (MailQueue queue = queueWithMail()) {
            assertThat(queue.size()).isOne();
            Set<String> names =
                    metrics().values().stream().map(Metric::name).collect(Collectors.toCollection(TreeSet::new));
            String alerts = block("alert:");
            Set<String> used = Pattern.compile("postroad_\\w+")
                    .matcher(alerts)
                    .results()
                    .map(match -> match.group())
                    .collect(Collectors.toCollection(TreeSet::new));
            assertThat(used).isNotEmpty();
            assertThat(names).containsAll(used);
            Set<String> alert = Pattern.compile("alert: (\\w+)")
                    .matcher(alerts)
                    .results()
                    .map(match -> match.group(1))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertThat(alert).hasSize(5);
            assertThat(alert)
                    .allSatisfy(name -> assertThat(Files.readString(PAGE)).contains("| " + name + " |"));
        }
    }
}
