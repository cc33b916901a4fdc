package dev.tarn.lake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.lake.DeltaType.Primitive;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldListTest {
    /** Few fields are looked through, many have an index; both answer alike. */
    @ParameterizedTest
    @ValueSource(ints = {2, 29, 30, 500})
    void theFirstFieldOfANameIsFoundWhateverItsCase(int size) {
        DeltaType.Struct struct = new DeltaType.Struct(IntStream.range(0, size)
                .mapToObj(i -> new DeltaField(i == size - 1 ? "COLUMN0" : "Column" + i, Primitive.LONG))
                .toList());

        assertThat(struct.field("column0")).contains(struct.fields().get(0));
        assertThat(struct.field("cOLUMN" + (size - 2))).contains(struct.fields().get(size - 2));
        assertThat(struct.field("column")).isEmpty();
        assertThat(struct.field("")).isEmpty();
        assertThat(struct).isEqualTo(new DeltaType.Struct(List.copyOf(struct.fields())));
        assertThat(struct.hashCode()).isEqualTo(new DeltaType.Struct(List.copyOf(struct.fields())).hashCode());
    }
}
