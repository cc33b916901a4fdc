package dev.tarn.services;

/** How to get into a server; both are empty if it wants nothing. */
public record Login(String user, String password) {

    static final Login NONE = new Login("", "");

    /** Without the password. */
    @Override
    public String toString() {
        return user;
    }
}
