package dev.tarn.core.connection;

import dev.tarn.core.source.SourceSpan;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A Kafka cluster.
 *
 * @param service the service of the local stack that it is
 * @param bootstrapServers {@code host:port}, several with commas; absent with a service
 * @param properties of Kafka's clients
 */
public record KafkaConnection(
        String name,
        Optional<String> service,
        Optional<SecretText> bootstrapServers,
        Map<String, SecretText> properties,
        SourceSpan span)
        implements Connection {

    public KafkaConnection {
        properties = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(properties));
    }
}
