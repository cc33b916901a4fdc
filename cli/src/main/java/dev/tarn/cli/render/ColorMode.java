package dev.tarn.cli.render;

import java.util.Map;

/** Whether colours are used. */
public enum ColorMode {
    AUTO,
    ALWAYS,
    NEVER;

    /**
     * What {@code --color}, the environment and the terminal together mean.
     *
     * @param terminal whether a person sees it
     */
    boolean colours(Map<String, String> environment, boolean terminal) {
        if (this != AUTO) {
            return this == ALWAYS;
        }
        if (isSet(environment, "NO_COLOR")) {
            return false;
        }
        if (isSet(environment, "FORCE_COLOR") || isSet(environment, "CLICOLOR_FORCE")) {
            return true;
        }
        return terminal && !"dumb".equals(environment.get("TERM"));
    }

    /** As both conventions have it: set to anything; 0 means no for those that force. */
    private static boolean isSet(Map<String, String> environment, String name) {
        String value = environment.getOrDefault(name, "");
        return !value.isEmpty() && (name.equals("NO_COLOR") || !value.equals("0"));
    }
}
