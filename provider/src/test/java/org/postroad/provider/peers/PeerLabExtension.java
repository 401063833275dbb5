// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Passes the lab of the run to tests. With {@code -Dpostroad.peers=off} the tests are skipped; with {@code auto} they run if the machine
 * supports them; with {@code required} they fail if it does not.
 */
final class PeerLabExtension implements BeforeEachCallback, AfterTestExecutionCallback, ParameterResolver {

    private static final String PROPERTY = "postroad.peers";
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(PeerLab.class);

    private enum Mode {
        OFF,
        AUTO,
        REQUIRED
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        Mode mode = Mode.valueOf(System.getProperty(PROPERTY, "auto").toUpperCase(Locale.ROOT));
        if (mode == Mode.OFF) {
            abort(context, "Real-peer tests skipped: -D" + PROPERTY + "=off; auto or required runs them");
        }
        List<String> missing = missing();
        if (!missing.isEmpty()) {
            String line = "Real-peer tests skipped: " + String.join(", ", missing) + "; .ci/run installs what it can";
            if (mode == Mode.REQUIRED) {
                Assertions.fail(line.replace("skipped", "cannot run"));
            }
            abort(context, line);
        }
        lab(context);
    }

    /** Prints a line for each test, so that the build's output shows what ran against real peers. */
    @Override
    public void afterTestExecution(ExtensionContext context) {
        System.out.println("real peers: "
                + context.getRequiredTestClass().getSimpleName() + "."
                + context.getRequiredTestMethod().getName()
                + (context.getDisplayName().startsWith("[") ? " " + context.getDisplayName() : "")
                + (context.getExecutionException().isPresent() ? " FAILED" : " passed"));
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == PeerLab.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return lab(context);
    }

    /** Started once; JUnit closes it after all classes. */
    private static PeerLab lab(ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(PeerLab.class, key -> PeerLab.start(), PeerLab.class);
    }

    /** Prints the reason once; the reports of the skipped tests contain it too. */
    private static void abort(ExtensionContext context, String line) {
        context.getRoot().getStore(NAMESPACE).computeIfAbsent(line, key -> {
            System.out.println(line);
            return line;
        });
        Assumptions.abort(line);
    }

    private static List<String> missing() {
        List<String> missing = new ArrayList<>();
        if (!System.getProperty("user.name", "").equals("root")) {
            missing.add("not root, who alone makes network namespaces");
        }
        Stream.of(
                        "ip",
                        "nsd",
                        "ldns-signzone",
                        "unbound",
                        "postfix",
                        "posttls-finger",
                        "saslpasswd2",
                        "openssl",
                        "nginx")
                .filter(program -> Command.find(program).isEmpty())
                .forEach(program -> missing.add(program + " not found"));
        if (Exim.find().isEmpty()) {
            missing.add("exim4 not found");
        }
        return missing;
    }
}
