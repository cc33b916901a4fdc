package dev.tarn.connect.secret;

import com.azure.core.exception.ClientAuthenticationException;
import com.azure.core.exception.HttpResponseException;
import com.azure.core.exception.ResourceNotFoundException;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.identity.DefaultAzureCredentialBuilder;
import com.azure.security.keyvault.secrets.SecretClient;
import com.azure.security.keyvault.secrets.SecretClientBuilder;
import dev.tarn.core.connection.ConnectionException;
import dev.tarn.core.connection.ConnectionException.Kind;
import dev.tarn.core.connection.SecretReference;
import dev.tarn.core.connection.SecretScope;
import dev.tarn.core.connection.Secrets;
import java.util.concurrent.ExecutionException;

/**
 * The secrets of an Azure Key Vault, asked for as whoever Azure's own tools would be: a service principal in variables, a
 * managed identity, the user of {@code az login} (DefaultAzureCredential).
 */
final class KeyVaultSecrets implements Secrets {

    private final String url;
    private final SecretClient client;

    KeyVaultSecrets(SecretScope scope) {
        this.url = scope.url().orElseThrow(() -> new IllegalStateException("key vault without a URL"));
        var http = new JdkHttpClientBuilder().build();
        this.client = new SecretClientBuilder()
                .vaultUrl(url)
                .httpClient(http)
                .credential(new DefaultAzureCredentialBuilder().httpClient(http).build())
                .buildClient();
    }

    @Override
    public String get(SecretReference secret) throws ConnectionException {
        try {
            return client.getSecret(secret.name()).getValue();
        } catch (ResourceNotFoundException e) {
            throw new ConnectionException(
                    Kind.SECRET,
                    "key vault " + url + " has no secret '" + secret.name() + "'",
                    "correct the name, or add it to the vault",
                    e);
        } catch (ClientAuthenticationException e) {
            throw new ConnectionException(
                    Kind.SECRET,
                    "nobody is logged in to Azure who may read key vault " + url,
                    "'az login', a managed identity, or AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET",
                    e);
        } catch (HttpResponseException e) {
            int status = e.getResponse() == null ? 0 : e.getResponse().getStatusCode();
            throw new ConnectionException(
                    Kind.SECRET,
                    "key vault " + url + " refuses secret '" + secret.name() + "' (status " + status + ")",
                    "403: the vault's access policy must allow to get secrets; 404 with another body: check the URL",
                    e);
        } catch (RuntimeException e) {
            throw new ConnectionException(
                    Kind.UNREACHABLE,
                    "key vault " + url + " does not answer: " + reason(e),
                    "check 'url' and the network",
                    e);
        }
    }

    private static String reason(Throwable e) {
        Throwable at = e;
        while (at.getCause() != null && (at instanceof RuntimeException || at instanceof ExecutionException)) {
            at = at.getCause();
        }
        return at.getClass().getSimpleName() + (at.getMessage() == null ? "" : ", " + at.getMessage());
    }
}
