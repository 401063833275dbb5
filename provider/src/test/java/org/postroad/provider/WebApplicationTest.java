// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletContainerInitializer;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import javax.management.ObjectName;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.WebResourceRoot;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.ContextConfig;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.webresources.DirResourceSet;
import org.apache.catalina.webresources.FileResourceSet;
import org.apache.catalina.webresources.StandardRoot;
import org.apache.tomcat.util.descriptor.web.ContextResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postroad.provider.internal.servlet.WebApplication;
import org.postroad.provider.webapp.SendingServlet;

/** A web application that sends and queues mail, started and stopped in a real servlet container: what it does and what it leaves behind. */
@Timeout(120)
class WebApplicationTest extends TransportTesting {

    private static final int CYCLES = 3;

    /** Held, because the JDK holds loggers weakly. */
    private static final Logger TOMCATS_LOG = Logger.getLogger("org.apache");

    @TempDir
    Path directory;

    private Tomcat tomcat;

    @BeforeEach
    void startTomcat() throws Exception {
        // The driver runs a program when it is used first. The JDK's thread for it lives for a minute, with the
        // caller's class loader.
        DriverManager.getConnection("jdbc:sqlite::memory:").close();
        properties.setProperty("mail.mx.queue.url", "jdbc:sqlite:" + directory.resolve("queue.db"));
        TOMCATS_LOG.setLevel(Level.OFF);
        tomcat = new Tomcat();
        tomcat.setBaseDir(directory.resolve("tomcat").toString());
        tomcat.setPort(0);
        tomcat.enableNaming();
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        tomcat.getHost();
        tomcat.start();
    }

    @AfterEach
    void stopTomcat() throws Exception {
        tomcat.stop();
        tomcat.destroy();
        TOMCATS_LOG.setLevel(null);
    }

    private static Path classes(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    /** Deploys an application that has Postroad's classes itself; Jakarta Mail and the libraries are in the server. */
    private Context deploy(String path, boolean opensQueue) throws Exception {
        StandardContext context = new StandardContext();
        context.setName(path);
        context.setPath(path);
        context.setDocBase(Files.createDirectories(directory.resolve("web")).toString());
        context.addLifecycleListener(new ContextConfig());
        // Both need access to internals of the JDK.
        context.setClearReferencesRmiTargets(false);
        context.setClearReferencesThreadLocals(false);
        WebResourceRoot resources = new StandardRoot(context);
        String servlet = SendingServlet.class.getName().replace('.', '/') + ".class";
        resources.addPreResources(new DirResourceSet(
                resources,
                "/WEB-INF/classes/org/postroad/provider",
                classes(MxTransport.class).resolve("org/postroad/provider").toString(),
                "/"));
        resources.addPreResources(new DirResourceSet(
                resources,
                "/WEB-INF/classes/META-INF/services",
                classes(MxTransport.class).resolve("META-INF/services").toString(),
                "/"));
        resources.addPreResources(new FileResourceSet(
                resources,
                "/WEB-INF/classes/" + servlet,
                classes(SendingServlet.class).resolve(servlet).toString(),
                "/"));
        context.setResources(resources);
        if (opensQueue) {
            ContextResource session = new ContextResource();
            session.setName("mail/queue");
            session.setType("jakarta.mail.Session");
            session.setAuth("Container");
            properties.stringPropertyNames().forEach(name -> session.setProperty(name, properties.getProperty(name)));
            context.getNamingResources().addResource(session);
            context.addParameter("org.postroad.sessions", "mail/queue");
        }
        Properties copy = new Properties();
        copy.putAll(properties);
        Tomcat.addServlet(context, "sender", SendingServlet.class.getName()).addMapping("/send");
        tomcat.getHost().addChild(context); // starts it
        context.getServletContext().setAttribute(SendingServlet.PROPERTIES, copy);
        return context;
    }

    private void undeploy(Context context) {
        tomcat.getHost().removeChild(context); // stops and destroys it
    }

    private String send(String path, String protocol) throws IOException {
        URI uri = URI.create("http://127.0.0.1:" + tomcat.getConnector().getLocalPort() + path + "/send?" + protocol);
        try (InputStream answer = uri.toURL().openStream()) {
            return new String(answer.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Threads, queues in JMX and JDBC drivers of Postroad. */
    private static Set<String> leftBehind() throws Exception {
        Set<String> found = new TreeSet<>();
        Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.isAlive() && thread.getName().startsWith("postroad-"))
                .filter(thread -> !thread.getName().matches("postroad-(test|lab|fake).*"))
                .forEach(thread -> found.add(thread.getName()));
        ManagementFactory.getPlatformMBeanServer()
                .queryNames(new ObjectName("org.postroad:*"), null)
                .forEach(name -> found.add(name.toString()));
        found.addAll(DriverManager.drivers()
                .map(driver -> driver.getClass().getClassLoader())
                .filter(loader -> loader != null && loader.getClass().getName().contains("Webapp"))
                .map(String::valueOf)
                .collect(Collectors.toSet()));
        return found;
    }

    @Test
    void embedding_anUndeployedApplicationLeavesNothingBehind() throws Exception {
        Set<String> before = leftBehind();
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        for (int cycle = 0; cycle < CYCLES; cycle++) {
            Context context = deploy("/app", false);
            assertThat(context.getState()).isEqualTo(LifecycleState.STARTED);
            ClassLoader loader = context.getLoader().getClassLoader();
            assertThat(loader.loadClass(MxTransport.class.getName())).isNotSameAs(MxTransport.class);
            loaders.add(new WeakReference<>(loader));
            assertThat(send("/app", "mx")).isEqualTo("sent");
            assertThat(send("/app", "mxqueue")).isEqualTo("sent");
            assertThat(leftBehind()).hasSizeGreaterThan(before.size());
            undeploy(context);
            assertThat(leftBehind()).isSubsetOf(before); // immediately, as servers look for threads then
        }
        // The JDK's cache of records holds the last one that was compared, whatever application that was.
        awaitCollected(loaders.subList(0, CYCLES - 1));
        assertThat(mx4.received())
                .hasSizeBetween(CYCLES, 2 * CYCLES); // what was not delivered before the end is in the queue
    }

    private static void awaitCollected(List<WeakReference<ClassLoader>> loaders) {
        while (loaders.stream().anyMatch(loader -> loader.get() != null)) {
            System.gc();
            if (Thread.interrupted()) {
                throw new AssertionError("The class loader of an undeployed application is still reachable");
            }
        }
    }

    @Test
    void embedding_aQueueOfAContextParameterMovesFromTheStart() throws Exception {
        properties.remove("mail.mx.connector"); // only texts are possible in a Resource
        properties.setProperty("mail.mx.routes", "*=[127.0.0.1]:" + mx4.port());
        Context first = deploy("/app", true);
        assertThat(leftBehind()).anyMatch(name -> name.startsWith("org.postroad:type=MailQueue"));
        assertThat(send("/app", "mxqueue")).isEqualTo("sent");
        while (mx4.received().size() < 2) {
            Thread.onSpinWait();
        }
        undeploy(first);
        // A second deployment can open the file, without a send.
        Context second = deploy("/app", true);
        assertThat(second.getState()).isEqualTo(LifecycleState.STARTED);
        assertThat(leftBehind()).anyMatch(name -> name.startsWith("org.postroad:type=MailQueue"));
        undeploy(second);
    }

    @Test
    void embedding_anApplicationWhoseQueueCannotBeOpenedDoesNotStart() throws Exception {
        properties.setProperty("mail.mx.queue.lifetime", "soon");
        Context context = deploy("/app", true);
        assertThat(context.getState()).isNotEqualTo(LifecycleState.STARTED);
        assertThat(leftBehind()).noneMatch(name -> name.startsWith("org.postroad:"));
        undeploy(context);
    }

    @Test
    void embedding_theInitializerIsAService() {
        assertThat(ServiceLoader.load(ServletContainerInitializer.class)).anyMatch(WebApplication.class::isInstance);
    }
}
