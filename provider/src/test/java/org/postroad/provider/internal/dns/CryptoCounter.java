// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.MessageDigestSpi;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Security;
import java.security.Signature;
import java.security.SignatureException;
import java.security.SignatureSpi;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the ECDSA signature checks and the SHA-1 digests of this JVM: a security provider that delegates to those of the JDK. */
final class CryptoCounter extends Provider implements AutoCloseable {

    private static final long serialVersionUID = 1;
    private static final String NAME = "postroad-crypto-counter";
    private static final String ECDSA = "SHA256withECDSA";
    private static final String SHA_1 = "SHA-1";

    private final transient AtomicInteger signatures = new AtomicInteger();
    private final transient AtomicInteger digests = new AtomicInteger();

    private CryptoCounter() {
        super(NAME, "1", "counts");
        putService(new Service(this, "Signature", ECDSA, CountedSignature.class.getName(), null, null) {
            @Override
            public Object newInstance(Object parameter) throws NoSuchAlgorithmException {
                return new CountedSignature();
            }
        });
        putService(new Service(this, "MessageDigest", SHA_1, CountedDigest.class.getName(), null, null) {
            @Override
            public Object newInstance(Object parameter) throws NoSuchAlgorithmException {
                return new CountedDigest();
            }
        });
    }

    /** Starts to count. Stops when closed. */
    static CryptoCounter start() {
        CryptoCounter counter = new CryptoCounter();
        Security.insertProviderAt(counter, 1);
        return counter;
    }

    int signatures() {
        return signatures.get();
    }

    int digests() {
        return digests.get();
    }

    void reset() {
        signatures.set(0);
        digests.set(0);
    }

    @Override
    public void close() {
        Security.removeProvider(NAME);
    }

    private final class CountedSignature extends SignatureSpi {

        private final Signature real;

        CountedSignature() throws NoSuchAlgorithmException {
            try {
                real = Signature.getInstance(ECDSA, "SunEC");
            } catch (GeneralSecurityException e) {
                throw new NoSuchAlgorithmException(e);
            }
        }

        @Override
        protected void engineInitVerify(PublicKey key) throws InvalidKeyException {
            real.initVerify(key);
        }

        @Override
        protected void engineInitSign(PrivateKey key) throws InvalidKeyException {
            real.initSign(key);
        }

        @Override
        protected void engineUpdate(byte octet) throws SignatureException {
            real.update(octet);
        }

        @Override
        protected void engineUpdate(byte[] octets, int from, int length) throws SignatureException {
            real.update(octets, from, length);
        }

        @Override
        protected byte[] engineSign() throws SignatureException {
            return real.sign();
        }

        @Override
        protected boolean engineVerify(byte[] signature) throws SignatureException {
            signatures.incrementAndGet();
            return real.verify(signature);
        }

        @Override
        @Deprecated
        protected void engineSetParameter(String name, Object value) {
            throw new UnsupportedOperationException();
        }

        @Override
        @Deprecated
        protected Object engineGetParameter(String name) {
            throw new UnsupportedOperationException();
        }
    }

    private final class CountedDigest extends MessageDigestSpi {

        private final MessageDigest real;

        CountedDigest() throws NoSuchAlgorithmException {
            try {
                real = MessageDigest.getInstance(SHA_1, "SUN");
            } catch (GeneralSecurityException e) {
                throw new NoSuchAlgorithmException(e);
            }
        }

        @Override
        protected void engineUpdate(byte octet) {
            real.update(octet);
        }

        @Override
        protected void engineUpdate(byte[] octets, int from, int length) {
            real.update(octets, from, length);
        }

        @Override
        protected byte[] engineDigest() {
            digests.incrementAndGet();
            return real.digest();
        }

        @Override
        protected void engineReset() {
            real.reset();
        }
    }
}
