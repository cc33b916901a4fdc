package dev.tarn.core.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.core.project.NodeId;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestTest {

    private static final NodeId A = new NodeId("p", "a");
    private static final NodeId B = new NodeId("p", "b");

    private static Map<Aspect, String> hashes(String sql) {
        Map<Aspect, String> hashes = new EnumMap<>(Aspect.class);
        for (Aspect aspect : Aspect.values()) {
            hashes.put(aspect, aspect == Aspect.SQL ? sql : "0");
        }
        return hashes;
    }

    @Test
    void aTextGivesTheSameManifestAgain() {
        Manifest manifest = new Manifest(Map.of(B, hashes("2"), A, hashes("1")));

        assertThat(manifest.text()).isEqualTo("""
                tarn/manifest/v1
                p.a sql=1 inputs=0 validation=0 write=0 settings=0
                p.b sql=2 inputs=0 validation=0 write=0 settings=0
                """);
        assertThat(Manifest.parse(manifest.text())).contains(manifest);
        assertThat(Manifest.parse("tarn/manifest/v1\n")).contains(new Manifest(Map.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "tarn/manifest/v2\n",
                "project: x\n",
                "tarn/manifest/v1\np.a sql=1\n",
                "tarn/manifest/v1\npa sql=1 inputs=0 validation=0 write=0 settings=0\n",
                "tarn/manifest/v1\np.a sql=1 inputs validation=0 write=0 settings=0\n",
                "tarn/manifest/v1\np.a sql=1 other=0 validation=0 write=0 settings=0\n"
            })
    void whatIsNoManifestIsRefused(String text) {
        assertThat(Manifest.parse(text)).isEmpty();
    }

    @Test
    void saysWhatChanged() {
        NodeId c = new NodeId("p", "c");
        Manifest then = new Manifest(Map.of(A, hashes("1"), B, hashes("2")));
        Manifest now = new Manifest(Map.of(A, hashes("9"), c, hashes("3")));

        assertThat(now.since(then, "x"))
                .isEqualTo(new Changes("x", Map.of(A, Set.of(Aspect.SQL)), Set.of(c), Set.of(B)));
    }
}
