// SPDX-License-Identifier: Apache-2.0
package org.postroad.servers.tomcat;

import java.nio.file.Path;
import java.util.Objects;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.ContextConfig;
import org.apache.catalina.startup.Tomcat;
import org.jspecify.annotations.Nullable;
import org.postroad.servers.Launcher;

/** Runs Tomcat. The arguments are the port, the directory of the server, and the context's file. */
public final class TomcatLauncher extends Launcher {

    private static final String PATH = "/webapp";

    private final Tomcat tomcat;
    private final Path configuration;
    private @Nullable StandardContext context;

    private TomcatLauncher(Tomcat tomcat, Path configuration) {
        this.tomcat = tomcat;
        this.configuration = configuration;
    }

    public static void main(String[] arguments) throws Exception {
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(arguments[1]);
        tomcat.setPort(Integer.parseInt(arguments[0]));
        tomcat.enableNaming();
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        tomcat.start();
        new TomcatLauncher(tomcat, Path.of(arguments[2])).serve();
    }

    @Override
    protected void deploy(Path war) throws Exception {
        StandardContext application = new StandardContext();
        application.setName(PATH);
        application.setPath(PATH);
        application.setDocBase(war.toString());
        application.setConfigFile(configuration.toUri().toURL());
        application.setParentClassLoader(TomcatLauncher.class.getClassLoader());
        ContextConfig reader = new ContextConfig();
        reader.setDefaultWebXml(tomcat.noDefaultWebXmlPath());
        application.addLifecycleListener(reader);
        tomcat.getHost().addChild(application); // starts it
        if (application.getState() != LifecycleState.STARTED) {
            throw new IllegalStateException("The application did not start");
        }
        context = application;
    }

    @Override
    protected void undeploy() {
        tomcat.getHost().removeChild(Objects.requireNonNull(context)); // stops and destroys it
        context = null;
    }

    @Override
    protected void stop() throws Exception {
        tomcat.stop();
        tomcat.destroy();
    }
}
