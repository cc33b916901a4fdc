package dev.tarn.provision;

import static java.util.stream.Collectors.joining;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.maven.model.building.DefaultModelProcessor;
import org.apache.maven.model.building.ModelProcessor;
import org.apache.maven.model.io.DefaultModelReader;
import org.apache.maven.model.locator.DefaultModelLocator;
import org.apache.maven.model.superpom.DefaultSuperPomProvider;
import org.apache.maven.repository.internal.MavenRepositorySystemUtils;
import org.apache.maven.settings.Profile;
import org.apache.maven.settings.Settings;
import org.apache.maven.settings.building.DefaultSettingsBuilderFactory;
import org.apache.maven.settings.building.DefaultSettingsBuildingRequest;
import org.apache.maven.settings.building.SettingsBuildingException;
import org.eclipse.aether.DefaultRepositorySystemSession;
import org.eclipse.aether.RepositorySystem;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.collection.CollectRequest;
import org.eclipse.aether.graph.Dependency;
import org.eclipse.aether.graph.Exclusion;
import org.eclipse.aether.repository.Authentication;
import org.eclipse.aether.repository.LocalRepository;
import org.eclipse.aether.repository.Proxy;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.repository.RepositoryPolicy;
import org.eclipse.aether.resolution.ArtifactRequest;
import org.eclipse.aether.resolution.ArtifactResolutionException;
import org.eclipse.aether.resolution.ArtifactResult;
import org.eclipse.aether.resolution.DependencyRequest;
import org.eclipse.aether.resolution.DependencyResolutionException;
import org.eclipse.aether.supplier.RepositorySystemSupplier;
import org.eclipse.aether.transfer.AbstractTransferListener;
import org.eclipse.aether.transfer.TransferEvent;
import org.eclipse.aether.util.artifact.JavaScopes;
import org.eclipse.aether.util.filter.DependencyFilterUtils;
import org.eclipse.aether.util.repository.AuthenticationBuilder;
import org.eclipse.aether.util.repository.DefaultAuthenticationSelector;
import org.eclipse.aether.util.repository.DefaultMirrorSelector;
import org.eclipse.aether.util.repository.DefaultProxySelector;

/**
 * Resolves artifacts as Maven does: with the user's settings (mirrors, proxies, credentials, local repository, offline)
 * and checksums that must fit. The only class that loads Maven's.
 */
final class MavenRepositories {

    private static final RepositoryPolicy STRICT =
            new RepositoryPolicy(true, RepositoryPolicy.UPDATE_POLICY_NEVER, RepositoryPolicy.CHECKSUM_POLICY_FAIL);

    private final Fetching fetching;
    private final Settings settings;

    MavenRepositories(Fetching fetching) throws ProvisionException {
        // Maven's classes log through SLF4J, which complains on standard error where nobody listens.
        if (System.getProperty("slf4j.internal.verbosity") == null) {
            System.setProperty("slf4j.internal.verbosity", "ERROR");
        }
        this.fetching = fetching;
        this.settings = settings();
    }

    /** The files of the artifacts and of all that they need at run time. */
    List<Path> withDependencies(List<String> coordinates, List<String> excluded) throws ProvisionException {
        RepositorySystem system = new RepositorySystemSupplier().get();
        try {
            DefaultRepositorySystemSession session = session(system);
            List<RemoteRepository> remotes = remotes(system, session);
            CollectRequest collect = new CollectRequest();
            for (String text : coordinates) {
                Dependency dependency = new Dependency(new DefaultArtifact(text), JavaScopes.RUNTIME);
                collect.addDependency(dependency.setExclusions(exclusions(excluded)));
            }
            collect.setRepositories(remotes);
            DependencyRequest request = new DependencyRequest(
                    collect, DependencyFilterUtils.classpathFilter(JavaScopes.RUNTIME, JavaScopes.COMPILE));
            return system.resolveDependencies(session, request).getArtifactResults().stream()
                    .map(result -> result.getArtifact().getFile().toPath())
                    .distinct()
                    .toList();
        } catch (DependencyResolutionException e) {
            throw notFound(
                    e.getResult() == null ? coordinates : missing(e.getResult().getArtifactResults(), coordinates), e);
        } finally {
            system.shutdown();
        }
    }

    /** The file of one artifact. */
    Path alone(String coordinates) throws ProvisionException {
        RepositorySystem system = new RepositorySystemSupplier().get();
        try {
            DefaultRepositorySystemSession session = session(system);
            ArtifactRequest request =
                    new ArtifactRequest(new DefaultArtifact(coordinates), remotes(system, session), null);
            return system.resolveArtifact(session, request)
                    .getArtifact()
                    .getFile()
                    .toPath();
        } catch (ArtifactResolutionException e) {
            throw notFound(List.of(coordinates), e);
        } finally {
            system.shutdown();
        }
    }

    private static List<Exclusion> exclusions(List<String> excluded) {
        return excluded.stream()
                .map(text -> text.split(":", 2))
                .map(parts -> new Exclusion(parts[0], parts[1], "*", "*"))
                .toList();
    }

    private static List<String> missing(List<ArtifactResult> results, List<String> whenUnknown) {
        List<String> missing = results.stream()
                .filter(ArtifactResult::isMissing)
                .map(result -> result.getRequest().getArtifact().toString())
                .toList();
        return missing.isEmpty() ? whenUnknown : missing;
    }

    private ProvisionException notFound(List<String> missing, Exception e) {
        String names = missing.stream().limit(10).collect(joining(", "))
                + (missing.size() > 10 ? " and " + (missing.size() - 10) + " others" : "");
        if (isOffline()) {
            return fetching.missing(names);
        }
        return new ProvisionException(
                fetching.what() + " could not be fetched; missing: " + names + ": " + e.getMessage(),
                "check the connection; mirrors and proxies are those of Maven's settings (" + settingsFile() + ")",
                e);
    }

    private boolean isOffline() {
        return fetching.offline() || settings.isOffline();
    }

    private DefaultRepositorySystemSession session(RepositorySystem system) {
        DefaultRepositorySystemSession session = MavenRepositorySystemUtils.newSession();
        Properties properties = System.getProperties();
        session.setSystemProperties(properties);
        session.setOffline(isOffline());
        session.setChecksumPolicy(RepositoryPolicy.CHECKSUM_POLICY_FAIL);
        DefaultMirrorSelector mirrors = new DefaultMirrorSelector();
        settings.getMirrors()
                .forEach(m -> mirrors.add(
                        m.getId(),
                        m.getUrl(),
                        m.getLayout(),
                        false,
                        m.isBlocked(),
                        m.getMirrorOf(),
                        m.getMirrorOfLayouts()));
        session.setMirrorSelector(mirrors);
        DefaultProxySelector proxies = new DefaultProxySelector();
        settings.getProxies().stream()
                .filter(org.apache.maven.settings.Proxy::isActive)
                .forEach(p -> proxies.add(
                        new Proxy(p.getProtocol(), p.getHost(), p.getPort(), login(p.getUsername(), p.getPassword())),
                        p.getNonProxyHosts()));
        session.setProxySelector(proxies);
        DefaultAuthenticationSelector servers = new DefaultAuthenticationSelector();
        settings.getServers().forEach(s -> servers.add(s.getId(), login(s.getUsername(), s.getPassword())));
        session.setAuthenticationSelector(servers);
        session.setTransferListener(new Progress());
        session.setLocalRepositoryManager(system.newLocalRepositoryManager(
                session, new LocalRepository(localRepository().toFile())));
        return session;
    }

    private static Authentication login(String user, String password) {
        return new AuthenticationBuilder()
                .addUsername(user)
                .addPassword(password)
                .build();
    }

    private List<RemoteRepository> remotes(RepositorySystem system, DefaultRepositorySystemSession session) {
        List<RemoteRepository> remotes = new ArrayList<>();
        for (Profile profile : settings.getProfiles()) {
            if (settings.getActiveProfiles().contains(profile.getId())) {
                profile.getRepositories()
                        .forEach(r -> remotes.add(new RemoteRepository.Builder(r.getId(), "default", r.getUrl())
                                .setPolicy(STRICT)
                                .build()));
            }
        }
        remotes.add(new RemoteRepository.Builder("central", "default", central())
                .setPolicy(STRICT)
                .build());
        return system.newResolutionRepositories(session, remotes);
    }

    private Path localRepository() {
        String property = System.getProperty("maven.repo.local", "");
        String configured = settings.getLocalRepository() == null ? property : settings.getLocalRepository();
        return !property.isEmpty()
                ? Path.of(property)
                : configured.isEmpty() ? home().resolve(".m2/repository") : Path.of(configured);
    }

    private Path settingsFile() {
        return home().resolve(".m2/settings.xml");
    }

    private Path home() {
        return Path.of(fetching.environment().getOrDefault("HOME", System.getProperty("user.home")));
    }

    private Settings settings() throws ProvisionException {
        Path file = settingsFile();
        DefaultSettingsBuildingRequest request = new DefaultSettingsBuildingRequest();
        request.setSystemProperties(System.getProperties());
        Properties user = new Properties();
        fetching.environment().forEach((key, value) -> user.setProperty("env." + key, value));
        request.setUserProperties(user);
        if (Files.exists(file)) {
            request.setUserSettingsFile(file.toFile());
        }
        try {
            return new DefaultSettingsBuilderFactory()
                    .newInstance()
                    .build(request)
                    .getEffectiveSettings();
        } catch (SettingsBuildingException e) {
            throw new ProvisionException(
                    "Maven's settings cannot be read: " + e.getMessage(), "mend or remove " + file, e);
        }
    }

    private final class Progress extends AbstractTransferListener {
        private final AtomicLong bytes = new AtomicLong();

        @Override
        public void transferSucceeded(TransferEvent event) {
            String name = event.getResource().getResourceName();
            fetching.progress(name.substring(name.lastIndexOf('/') + 1), bytes.addAndGet(event.getTransferredBytes()));
        }
    }

    /** The address of Maven Central, as Maven itself knows it: from the model that every project inherits. */
    private static String central() {
        ModelProcessor processor = new DefaultModelProcessor()
                .setModelLocator(new DefaultModelLocator())
                .setModelReader(new DefaultModelReader());
        return new DefaultSuperPomProvider()
                .setModelProcessor(processor)
                .getSuperModel("4.0.0")
                .getRepositories()
                .get(0)
                .getUrl();
    }
}
