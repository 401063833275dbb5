// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.nativeimage;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads {@code reachability-metadata.json}, as GraalVM for JDK 23 and newer defines it (reachability-metadata-schema-v1.2.0.json in
 * GraalVM's documentation), as far as Postroad's file uses it. Anything else in it is an error.
 */
final class MetadataFile {

    private MetadataFile() {}

    /** Returns the entries in the order of the file; a type with methods is several. */
    static List<Needed> read(Path file) throws IOException {
        List<Needed> entries = new ArrayList<>();
        try (Reader text = Files.newBufferedReader(file);
                JsonReader json = Json.createReader(text)) {
            JsonObject root = json.readObject();
            allow(root, "comment", "reflection", "resources");
            for (JsonObject entry : root.getJsonArray("reflection").getValuesAs(JsonObject.class)) {
                reflection(entry, entries);
            }
            for (JsonObject entry : root.getJsonArray("resources").getValuesAs(JsonObject.class)) {
                allow(entry, "module", "glob");
                entries.add(new Needed.Resource(entry.getString("module", ""), entry.getString("glob")));
            }
        }
        return entries;
    }

    private static void reflection(JsonObject entry, List<Needed> entries) {
        allow(entry, "type", "methods", "allPublicMethods");
        if (entry.get("type") instanceof JsonObject proxy) {
            allow(proxy, "proxy");
            allow(entry, "type");
            entries.add(new Needed.Proxy(texts(proxy.getJsonArray("proxy"))));
            return;
        }
        String type = entry.getString("type");
        entries.add(new Needed.Type(type));
        if (entry.getBoolean("allPublicMethods", false)) {
            entries.add(new Needed.PublicMethods(type));
        }
        JsonArray methods = entry.containsKey("methods") ? entry.getJsonArray("methods") : JsonValue.EMPTY_JSON_ARRAY;
        for (JsonObject method : methods.getValuesAs(JsonObject.class)) {
            allow(method, "name", "parameterTypes");
            entries.add(
                    new Needed.Method(type, method.getString("name"), texts(method.getJsonArray("parameterTypes"))));
        }
    }

    private static List<String> texts(JsonArray array) {
        return array.getValuesAs(JsonString::getString);
    }

    private static void allow(JsonObject object, String... keys) {
        if (!Set.of(keys).containsAll(object.keySet())) {
            throw new IllegalArgumentException("Allowed here are " + List.of(keys) + ": " + object);
        }
    }
}
