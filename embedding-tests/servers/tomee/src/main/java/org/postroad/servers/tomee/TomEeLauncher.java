// SPDX-License-Identifier: Apache-2.0
package org.postroad.servers.tomee;

import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.tomee.embedded.Configuration;
import org.apache.tomee.embedded.Container;
import org.postroad.servers.Launcher;

/** Runs TomEE. The arguments are the port, the directory of the server, and the file with its resources. */
public final class TomEeLauncher extends Launcher {

    private static final String APPLICATION = "webapp";

    private final Container container;

    private TomEeLauncher(Container container) {
        this.container = container;
    }

    public static void main(String[] arguments) throws Exception {
        Configuration configuration =
                new Configuration().http(Integer.parseInt(arguments[0])).dir(arguments[1]);
        configuration.property("connector.attributes.address", "127.0.0.1"); // setHost() does not bind to it
        Properties resources = new Properties();
        try (Reader file = Files.newBufferedReader(Path.of(arguments[2]))) {
            resources.load(file);
        }
        resources.stringPropertyNames().forEach(name -> configuration.property(name, resources.getProperty(name)));
        new TomEeLauncher(new Container(configuration)).serve();
    }

    @Override
    protected void deploy(Path war) throws Exception {
        container.deploy(APPLICATION, war.toFile());
    }

    @Override
    protected void undeploy() throws Exception {
        container.undeploy(APPLICATION);
    }

    @Override
    protected void stop() throws Exception {
        container.close();
    }
}
