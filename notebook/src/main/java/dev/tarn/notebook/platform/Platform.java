package dev.tarn.notebook.platform;

import dev.tarn.core.source.Problems;
import dev.tarn.notebook.item.Item;
import dev.tarn.notebook.item.VariableLibrary;
import dev.tarn.notebook.item.Workspace;
import dev.tarn.notebook.json.JsonNode;
import dev.tarn.notebook.platform.PlatformException.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Answers the calls of a running notebook's utilities. */
public final class Platform {

    private final Workspace workspace;
    private final FileCalls files;
    private final VaultSecrets secrets;
    private final String valueSet;

    /** Where {@code getSecret} finds its values. */
    @FunctionalInterface
    public interface VaultSecrets {
        /**
         * Finds the value of a secret.
         *
         * @param vault the address of the vault, or its name
         */
        String get(String vault, String name) throws PlatformException;
    }

    /**
     * @param valueSet the active set of variable libraries; empty for the default values
     */
    public Platform(Workspace workspace, LakehousePaths paths, VaultSecrets secrets, String valueSet) {
        this.workspace = workspace;
        this.files = new FileCalls(paths);
        this.secrets = secrets;
        this.valueSet = valueSet;
    }

    /** The answer, as plain JSON. */
    public Object call(String name, JsonNode given) throws PlatformException {
        Arguments arguments = new Arguments(given);
        if (name.startsWith("fs.")) {
            return files.call(name.substring("fs.".length()), arguments);
        }
        return switch (name) {
            case "secret" -> secrets.get(arguments.text("vault"), arguments.text("name"));
            case "variables" -> variables(arguments.text("library"));
            default -> throw new PlatformException(Kind.FAILED, name + " is not there yet in Tarn");
        };
    }

    private List<Map<String, Object>> variables(String name) throws PlatformException {
        Problems problems = new Problems();
        Item item = workspace.ofType("VariableLibrary").stream()
                .filter(found -> found.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new PlatformException(
                        Kind.WRONG,
                        "there is no variable library '" + name + "': " + workspace.missing("VariableLibrary", name)));
        VariableLibrary library = VariableLibrary.read(item, problems);
        if (problems.hasErrors()) {
            throw new PlatformException(
                    Kind.FAILED,
                    problems.all().get(0).span() + " " + problems.all().get(0).message());
        }
        List<Map<String, Object>> all = new ArrayList<>();
        library.in(valueSet).forEach(variable -> {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("name", variable.name());
            json.put("type", variable.type());
            json.put("value", variable.value());
            all.add(json);
        });
        return all;
    }
}
