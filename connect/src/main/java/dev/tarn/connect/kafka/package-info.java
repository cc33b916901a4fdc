/** Whether Kafka answers. Its own client, which is large, is not needed for that. */
@NullMarked
package dev.tarn.connect.kafka;

import org.jspecify.annotations.NullMarked;
