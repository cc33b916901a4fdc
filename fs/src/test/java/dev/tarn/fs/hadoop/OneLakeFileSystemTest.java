package dev.tarn.fs.hadoop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OneLakeFileSystemTest {

    private static final String ROOT = "abfss://my-ws@onelake.dfs.fabric.microsoft.com/Sales.Lakehouse/";

    @TempDir
    java.nio.file.Path folder;

    private final Configuration configuration = new Configuration();
    private FileSystem files;

    @BeforeEach
    void create() throws IOException {
        configuration.set("fs.abfss.impl", OneLakeFileSystem.class.getName());
        configuration.setBoolean("fs.abfss.impl.disable.cache", true);
        configuration.set("tarn.onelake.lakehouse.sales", folder.toString());
        configuration.set("tarn.onelake.lakehouse.0f9d", folder.toString());
        files = new Path(ROOT).getFileSystem(configuration);
    }

    private void write(String path, String text) throws IOException {
        try (FSDataOutputStream out = files.create(new Path(path))) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void aFileIsInTheFolderOfItsLakehouse() throws IOException {
        write(ROOT + "Files/a b/c=1%2F/ä.txt", "héllo");

        assertThat(Files.readString(folder.resolve("Files/a b/c=1%2F/ä.txt"))).isEqualTo("héllo");
        Path byId = new Path("abfss://my-ws@onelake.dfs.fabric.microsoft.com/0F9D/Files/a b/c=1%2F/ä.txt");
        try (var in = files.open(byId)) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("héllo");
        }
    }

    @Test
    void statusesHaveThePathsThatWereAskedFor() throws IOException {
        write(ROOT + "Files/d/a.txt", "123");

        FileStatus file = files.getFileStatus(new Path(ROOT + "Files/d/a.txt"));
        assertThat(file.getPath()).isEqualTo(new Path(ROOT + "Files/d/a.txt"));
        assertThat(file.getLen()).isEqualTo(3);
        assertThat(file.getModificationTime()).isPositive();
        assertThat(Arrays.stream(files.listStatus(new Path(ROOT + "Files"))).map(FileStatus::getPath))
                .containsExactly(new Path(ROOT + "Files/d"));
        assertThat(Arrays.stream(files.globStatus(new Path(ROOT + "Files/*/*.txt")))
                        .map(FileStatus::getPath))
                .containsExactly(new Path(ROOT + "Files/d/a.txt"));
        assertThat(files.listFiles(new Path(ROOT), true).next().getPath()).isEqualTo(file.getPath());
    }

    @Test
    void filesAreRenamedAndDeleted() throws IOException {
        write(ROOT + "Files/a", "1");
        files.mkdirs(new Path(ROOT + "Files/d"));

        assertThat(files.rename(new Path(ROOT + "Files/a"), new Path(ROOT + "Files/d/b")))
                .isTrue();
        assertThat(folder.resolve("Files/d/b")).exists();
        assertThat(files.exists(new Path(ROOT + "Files/a"))).isFalse();
        assertThat(files.delete(new Path(ROOT + "Files/d"), true)).isTrue();
        assertThat(folder.resolve("Files/d")).doesNotExist();
        assertThatThrownBy(() -> files.getFileStatus(new Path(ROOT + "Files/d")))
                .isInstanceOf(FileNotFoundException.class);
    }

    @Test
    void unknownLakehousesAndOtherAccountsAreRefused() {
        assertThatThrownBy(() -> files.getFileStatus(
                        new Path("abfss://my-ws@onelake.dfs.fabric.microsoft.com/None.Lakehouse/Files")))
                .isInstanceOf(FileNotFoundException.class)
                .hasMessageStartingWith("the workspace has no lakehouse 'None.Lakehouse'");
        assertThatThrownBy(() -> new Path("abfss://c@account.dfs.core.windows.net/x").getFileSystem(configuration))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot be reached from here");
    }

    @Test
    void oneOfTwoCommitsOfAVersionWins() throws IOException {
        OneLakeLogStore store = new OneLakeLogStore(configuration);
        files.mkdirs(new Path(ROOT + "Tables/t/_delta_log"));
        Path commit = new Path(ROOT + "Tables/t/_delta_log/00000000000000000000.json");

        store.write(commit, List.of("{}").iterator(), false, configuration);

        assertThatThrownBy(() -> store.write(commit, List.of("{}").iterator(), false, configuration))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThat(store.listFrom(commit, configuration).next().getPath()).isEqualTo(commit);
        assertThat(folder.resolve("Tables/t/_delta_log/00000000000000000000.json"))
                .hasContent("{}");
    }
}
