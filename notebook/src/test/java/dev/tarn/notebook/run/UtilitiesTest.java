package dev.tarn.notebook.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UtilitiesTest {

    @TempDir
    Path folder;

    private TestWorkspace workspace;

    @BeforeEach
    void create() {
        workspace = new TestWorkspace(folder);
    }

    private String run(String... cells) throws Exception {
        NotebookResult result = workspace.notebook("a", cells).run("a");
        assertThat(result.failure().map(CellFailure::traceback)).isEmpty();
        return workspace.printed();
    }

    @Test
    void filesOfTheLakehouse() throws Exception {
        String printed = run("""
                fs = notebookutils.fs
                print(fs.put('Files/raw/a.txt', 'héllo'), fs.exists('Files/raw/a.txt'), fs.head('Files/raw/a.txt', 3))
                print([(f.name, f.path, f.size, f.isDir, f.isFile) for f in fs.ls('Files/')])
                print([(f.name, f.path, f.size, f.isDir, f.isFile) for f in fs.ls('Files/raw')])
                fs.append('Files/raw/a.txt', '!')
                fs.append('Files/new.txt', 'n', True)
                fs.cp('Files/raw', 'Files/copy', True)
                fs.mv('Files/copy/a.txt', 'Files/deep/er/b.txt', True)
                print(fs.head('abfss://any@onelake.dfs.fabric.microsoft.com/sales.Lakehouse/Files/deep/er/b.txt'))
                fs.rm('Files/raw', True)
                print([f.name for f in fs.ls('Files')])
                print(open('/lakehouse/default/Files/new.txt').read())""");

        assertThat(printed).isEqualTo("""
                True True hé
                [('raw', 'Files/raw', 0, True, False)]
                [('a.txt', 'Files/raw/a.txt', 6, False, True)]
                héllo!
                ['copy', 'deep', 'new.txt']
                n
                """);
        assertThat(Files.readString(workspace.lakehouse().resolve("Files/new.txt")))
                .isEqualTo("n");
    }

    @Test
    void errorsOfFilesHaveTheTypesOfTheService() throws Exception {
        String printed = run("""
                def attempt(f, *args):
                    try:
                        print(f(*args))
                    except Exception as e:
                        print(type(e).__name__, str(e).split(' (')[0])
                fs = mssparkutils.fs
                fs.put('Files/a', 'x'); fs.mkdirs('Files/d/e')
                attempt(fs.put, 'Files/a', 'y')
                attempt(fs.ls, 'Files/none')
                attempt(fs.rm, 'Files/d')
                attempt(fs.cp, 'Files/d', 'Files/f')
                attempt(fs.mv, 'Files/a', 'Files/g/h')
                attempt(fs.ls, 'Files/../../..')
                attempt(fs.ls, 'abfss://x@onelake.dfs.fabric.microsoft.com/none.Lakehouse/Files')
                attempt(lambda: fs.mount)""");

        assertThat(printed).isEqualTo("""
                FileExistsError 'Files/a' is there already: give overwrite=True
                FileNotFoundError there is no 'Files/none'
                ValueError 'Files/d' is not empty: give recurse=True
                ValueError 'Files/d' is a folder: give recurse=True
                FileNotFoundError the folder of 'Files/g/h' is not there: give create_path=True
                ValueError 'Files/../../..' leads out of the lakehouse
                FileNotFoundError the workspace has no lakehouse 'none', as 'abfss://x@onelake.dfs.fabric.microsoft.com/none.Lakehouse/Files' asks
                AttributeError notebookutils.fs.mount is not there yet in Tarn
                """);
    }

    @Test
    void pythonsOwnFunctionsFindTheLakehouse() throws Exception {
        String printed = run("""
                import os, glob, pathlib, shutil
                root = '/lakehouse/default/Files'
                os.makedirs(root + '/d/e')
                pathlib.Path(root, 'd', 'a.txt').write_text('1')
                with open(root + '/d/b.txt', 'w') as f: f.write('22')
                shutil.copy(root + '/d/b.txt', root + '/d/c.txt')
                print(sorted(os.listdir(root + '/d')), os.path.exists(root + '/d/a.txt'), os.path.getsize(root + '/d/c.txt'))
                print(sorted(os.path.basename(p) for p in glob.glob(root + '/d/*.txt')))
                os.remove(root + '/d/a.txt'); shutil.rmtree(root + '/d/e')
                print(sorted(p.name for p in pathlib.Path(root + '/d').iterdir()))""");

        assertThat(printed).isEqualTo("""
                ['a.txt', 'b.txt', 'c.txt', 'e'] True 2
                ['a.txt', 'b.txt', 'c.txt']
                ['b.txt', 'c.txt']
                """);
    }

    @Test
    void variablesOfALibrary() throws Exception {
        workspace.file("vars.VariableLibrary/variables.json", """
                {"variables": [{"name": "URL", "type": "String", "value": "https://x"},
                               {"name": "LIMIT", "type": "Integer", "value": 5},
                               {"name": "ON", "type": "Boolean", "value": true}]}""");
        String printed = run("""
                from notebookutils import variableLibrary
                v = variableLibrary.getLibrary('vars')
                print(v.URL, v['LIMIT'] + 1, v.getVariable('ON') is True, getattr(v, 'url', None))
                print(variableLibrary.get('$(/**/vars/LIMIT)'))
                try:
                    variableLibrary.getLibrary('Vars')
                except ValueError as e:
                    print(e)""");

        assertThat(printed)
                .isEqualTo("https://x 6 True None\n5\nthere is no variable library 'Vars': did you mean 'vars'?\n");
    }

    @Test
    void secretsAndContext() throws Exception {
        String printed = run("""
                print(notebookutils.credentials.getSecret('https://v.vault.azure.net/', 'token'))
                c = notebookutils.runtime.context
                print(c['currentNotebookName'], c.get('defaultLakehouseName'), c.get('none'), mssparkutils.env.getUserName())""");

        assertThat(printed).isEqualTo("value of https://v.vault.azure.net/\na sales None ada\n");
    }

    @Test
    void filesOfTheItemAreThere() throws Exception {
        workspace.file("sales.Lakehouse/Files/samples/in.json", "{\"a\": 1}");

        assertThat(run("import json\nprint(json.load(open('/lakehouse/default/Files/samples/in.json'))['a'])"))
                .isEqualTo("1\n");
    }
}
