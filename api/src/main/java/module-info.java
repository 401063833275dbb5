// SPDX-License-Identifier: Apache-2.0
/** The values and the service provider interfaces of Postroad; needs only the JDK. */
module org.postroad.api {
    requires static org.jspecify;

    exports org.postroad.api;
    exports org.postroad.spi;
}
