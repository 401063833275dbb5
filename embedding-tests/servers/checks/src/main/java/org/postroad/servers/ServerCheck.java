// SPDX-License-Identifier: Apache-2.0
package org.postroad.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is checked in each server, at least three times: deploy the application, send directly and through the queue, commit and roll back where there
 * are transactions, undeploy. After that nothing of Postroad is left: no thread, no JMX bean, and no more class loaders than before.
 *
 * @param transactions whether the server has JTA transactions
 * @param collected whether the server lets class loaders of undeployed applications be collected
 * @param call the parameter {@code call} of the web application, if the server needs one
 */
public record ServerCheck(SmallInternet internet, boolean transactions, boolean collected, Optional<String> call) {

    private static final int CYCLES = 3;

    /** If the number of class loaders grew in the last cycle, there are more: the server and the JDK's cache of records may hold some. */
    private static final int MOST_CYCLES = 6;

    private static final String QUEUES = "org.postroad.provider.internal.engine.OpenQueues";
    private static final String JMX_BEAN = "org.postroad.provider.QueueBean";

    /** What was found, for the table. */
    public record Result(String direct, String queued, String committed, String undeployed) {}

    /** Checks a server to which the WAR can be deployed. */
    public Result check(Server server, Path war) throws Exception {
        List<Long> copies = new ArrayList<>();
        for (int cycle = 1; cycle <= CYCLES || (collected && cycle <= MOST_CYCLES && grows(copies)); cycle++) {
            URI address = server.deploy(war);
            send(address, " " + cycle);
            assertThat(server.process().instances(JMX_BEAN)).isOne();
            server.undeploy();
            assertThat(server.process().threads("postroad-"))
                    .as("threads after undeployment %s", cycle)
                    .isEmpty();
            assertThat(server.process().instances(JMX_BEAN)).isZero();
            copies.add(server.process().instances(QUEUES));
        }
        if (collected) {
            assertThat(grows(copies))
                    .as("growth of the class loaders with Postroad after each undeployment: %s", copies)
                    .isFalse();
        }
        assertThat(internet.recipients("rolled back 1")).isEmpty();
        return result("no thread, no JMX bean; class loaders after each undeployment: "
                + copies.toString().replaceAll("[\\[\\]]", "")
                + (collected ? "" : " (the server holds those of all applications)"));
    }

    private static boolean grows(List<Long> copies) {
        return copies.get(copies.size() - 1) > copies.get(copies.size() - 2);
    }

    /** Sends in all ways through an application that runs. */
    public void send(URI address, String suffix) throws IOException, InterruptedException {
        Application application = new Application(address, call, internet);
        application.send("mx", "direct" + suffix);
        application.send("queue", "queued" + suffix);
        if (transactions) {
            application.sendAndRollBack("rolled back" + suffix);
            application.sendAndCommit("committed" + suffix);
            assertThat(internet.recipients("rolled back" + suffix)).isEmpty();
        }
    }

    /** Returns the result of steps that all succeeded. */
    public Result result(String undeployed) {
        return new Result(
                "delivered", "delivered", transactions ? "delivered / not sent" : "has no transactions", undeployed);
    }
}
