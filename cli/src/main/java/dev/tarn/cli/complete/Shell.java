package dev.tarn.cli.complete;

/** A shell that completes what is typed. */
public enum Shell {
    BASH,
    ZSH,
    FISH
}
