package dev.tarn.core.connection;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A text of a project with secrets in it, which stay references until somebody asks for the text itself. */
public final class SecretText {

    /** Characters that stand for nothing (Unicode's noncharacters), so no text has them by itself. */
    private static final Pattern MARK = Pattern.compile("\uFFFE(?<scope>[^/\uFFFF]+)/(?<name>[^\uFFFF]+)\uFFFF");

    private final String marked;

    private SecretText(String marked) {
        this.marked = marked;
    }

    /** What stands for a secret in a text that {@link #of} is given. */
    public static String mark(SecretReference secret) {
        return "\uFFFE" + secret.scope() + "/" + secret.name() + "\uFFFF";
    }

    /** Where in a text the first secret is; -1 if there is none. */
    public static int indexOfMark(String text) {
        return text.indexOf('\uFFFE');
    }

    public static SecretText of(String marked) {
        return new SecretText(marked);
    }

    public Set<SecretReference> references() {
        Set<SecretReference> found = new LinkedHashSet<>();
        Matcher matcher = MARK.matcher(marked);
        while (matcher.find()) {
            found.add(new SecretReference(matcher.group("scope"), matcher.group("name")));
        }
        return found;
    }

    /** The text with the secrets' values in it: for a server, and for nobody else. */
    public String reveal(Secrets secrets) throws ConnectionException {
        String text = marked;
        for (SecretReference reference : references()) {
            text = text.replace(mark(reference), secrets.get(reference));
        }
        return text;
    }

    /** Shows references where the secrets are. */
    @Override
    public String toString() {
        return MARK.matcher(marked)
                .replaceAll(m -> Matcher.quoteReplacement(new SecretReference(m.group(1), m.group(2)).toString()));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SecretText text && text.marked.equals(marked);
    }

    @Override
    public int hashCode() {
        return marked.hashCode();
    }
}
