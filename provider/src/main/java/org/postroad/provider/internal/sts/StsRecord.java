// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.sts;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.postroad.provider.internal.https.WhiteSpace;

/**
 * The TXT record that announces a policy (RFC 8461 §3.1), such as {@code v=STSv1; id=20160831085700Z;}.
 *
 * @param id changes with the policy
 */
record StsRecord(String id) {

    private static final String VERSION = "v=STSv1;";
    private static final String ID_NAME = "id=";
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9]{1,32}");
    private static final Pattern EXTENSION =
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,31}=[\\x21-\\x3a\\x3c\\x3e-\\x7e]+");

    /**
     * Returns the record among the texts at {@code _mta-sts.<domain>}. Empty, so that no policy is announced, if none or more than one of
     * them starts with the version, or if that one is malformed.
     */
    static Optional<StsRecord> parse(List<String> texts) {
        List<String> ours =
                texts.stream().filter(text -> text.startsWith(VERSION)).toList();
        return ours.size() == 1 ? parseFields(ours.get(0).substring(VERSION.length())) : Optional.empty();
    }

    private static Optional<StsRecord> parseFields(String text) {
        String[] fields = text.split(";", -1);
        Optional<String> id = Optional.empty();
        for (int i = 0; i < fields.length; i++) {
            String field = WhiteSpace.strip(fields[i]);
            boolean isEnd = i == fields.length - 1 && field.isEmpty(); // after the optional final delimiter
            if (field.startsWith(ID_NAME)) {
                String value = field.substring(ID_NAME.length());
                if (id.isEmpty() && !ID.matcher(value).matches()) {
                    return Optional.empty();
                }
                id = id.or(() -> Optional.of(value)); // if repeated, the first one counts (RFC 8461 §3.2)
            } else if (!isEnd && !EXTENSION.matcher(field).matches()) {
                return Optional.empty();
            }
        }
        return id.map(StsRecord::new);
    }

    /** Returns the record as it would be published. */
    @Override
    public String toString() {
        return VERSION + " " + ID_NAME + id + ";";
    }
}
