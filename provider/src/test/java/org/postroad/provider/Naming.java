// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import java.util.Hashtable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.naming.Context;
import javax.naming.InitialContext;
import javax.naming.NameNotFoundException;
import javax.naming.NamingException;
import javax.naming.spi.InitialContextFactory;

/** Naming context like a container's, found through JNDI until it is closed. */
final class Naming implements AutoCloseable {

    private static final Map<String, Object> BOUND = new ConcurrentHashMap<>();

    private Naming() {
        System.setProperty(Context.INITIAL_CONTEXT_FACTORY, Factory.class.getName());
    }

    static Naming bind(String name, Object object) {
        Naming naming = new Naming();
        naming.name(name, object);
        return naming;
    }

    /** A bound object that is made at each lookup. */
    @FunctionalInterface
    interface EachTime {
        Object make();
    }

    boolean isBound() {
        return !BOUND.isEmpty();
    }

    /** Binds an object and returns its name. */
    String name(String name, Object object) {
        BOUND.put(name, object);
        return name;
    }

    @Override
    public void close() {
        System.clearProperty(Context.INITIAL_CONTEXT_FACTORY);
        BOUND.clear();
    }

    /** Created by JNDI. */
    public static final class Factory implements InitialContextFactory {
        @Override
        public Context getInitialContext(Hashtable<?, ?> environment) throws NamingException {
            return new Found();
        }
    }

    private static final class Found extends InitialContext {

        Found() throws NamingException {
            super(true);
        }

        @Override
        public Object lookup(String name) throws NamingException {
            Object object = BOUND.get(name);
            if (object == null) {
                throw new NameNotFoundException(name);
            }
            return object instanceof EachTime each ? each.make() : object;
        }
    }
}
