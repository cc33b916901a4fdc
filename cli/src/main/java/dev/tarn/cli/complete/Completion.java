package dev.tarn.cli.complete;

import picocli.CommandLine.Model.CommandSpec;

/**
 * Makes completion scripts. They are ours and not picocli's: its scripts would ask the project for its nodes at every
 * press of the key, and know neither zsh's own completion nor a selector's operators.
 */
public final class Completion {

    private Completion() {}

    /**
     * The script for one shell.
     *
     * @param root the command {@code tarn} with all below it
     */
    public static String script(Shell shell, CommandSpec root) {
        return switch (shell) {
            case BASH -> BashScript.of(root);
            case ZSH -> ZshScript.of(root);
            case FISH -> FishScript.of(root);
        };
    }
}
