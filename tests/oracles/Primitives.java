import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.math.BigInteger;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ua.DSTU4145NamedCurves;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.Mac;
import org.bouncycastle.crypto.digests.DSTU7564Digest;
import org.bouncycastle.crypto.digests.GOST3411Digest;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.signers.DSTU4145Signer;
import org.bouncycastle.math.ec.ECPoint;

/** Bouncy Castle answers questions, a line each: hashes, HMAC, signatures of DSTU 4145. */
public class Primitives {
    public static void main(String[] arguments) throws Exception {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String answer;
            try {
                answer = answer(line.trim().split(" "));
            } catch (RuntimeException error) {
                answer = "error " + error;
            }
            System.out.println(answer);
            System.out.flush();
        }
    }

    private static String answer(String[] words) {
        switch (words[0]) {
            case "gost":
                return hash(new GOST3411Digest(expanded(bytes(words[1]))), bytes(words[2]));
            case "hmac":
                return hmac(bytes(words[1]), bytes(words[2]), bytes(words[3]));
            case "kupyna":
                return hash(new DSTU7564Digest(Integer.parseInt(words[1])), bytes(words[2]));
            case "sign":
                return sign(domain(words[1]), number(words[2]), bytes(words[3]));
            case "verify":
                return verify(domain(words[1]), words);
            default:
                return "error what?";
        }
    }

    private static String hash(Digest digest, byte[] message) {
        byte[] out = new byte[digest.getDigestSize()];
        digest.update(message, 0, message.length);
        digest.doFinal(out, 0);
        return hex(out);
    }

    private static String hmac(byte[] sbox, byte[] key, byte[] message) {
        Mac mac = new HMac(new GOST3411Digest(expanded(sbox)));
        byte[] out = new byte[mac.getMacSize()];
        mac.init(new KeyParameter(key));
        mac.update(message, 0, message.length);
        mac.doFinal(out, 0);
        return hex(out);
    }

    private static ECDomainParameters domain(String number) {
        return DSTU4145NamedCurves.getByOID(new ASN1ObjectIdentifier("1.2.804.2.1.1.1.1.3.1.1.2." + number));
    }

    private static String sign(ECDomainParameters domain, BigInteger secret, byte[] digest) {
        DSTU4145Signer signer = new DSTU4145Signer();
        signer.init(true, new ECPrivateKeyParameters(secret, domain));
        BigInteger[] signature = signer.generateSignature(digest);
        ECPoint point = domain.getG().multiply(secret).negate().normalize();
        BigInteger x = point.getAffineXCoord().toBigInteger();
        BigInteger y = point.getAffineYCoord().toBigInteger();
        return signature[0].toString(16) + " " + signature[1].toString(16) + " " + x.toString(16) + " " + y.toString(16);
    }

    private static String verify(ECDomainParameters domain, String[] words) {
        ECPoint point = domain.getCurve().createPoint(number(words[2]), number(words[3]));
        DSTU4145Signer signer = new DSTU4145Signer();
        signer.init(false, new ECPublicKeyParameters(point, domain));
        return Boolean.toString(signer.verifySignature(bytes(words[4]), number(words[5]), number(words[6])));
    }

    private static byte[] expanded(byte[] packed) {
        byte[] nibbles = new byte[2 * packed.length];
        for (int i = 0; i < packed.length; i++) {
            nibbles[2 * i] = (byte) (packed[i] >> 4 & 15);
            nibbles[2 * i + 1] = (byte) (packed[i] & 15);
        }
        return nibbles;
    }

    private static BigInteger number(String text) {
        return new BigInteger(text, 16);
    }

    private static byte[] bytes(String text) {
        if (text.equals("-")) return new byte[0];
        byte[] out = new byte[text.length() / 2];
        for (int i = 0; i < out.length; i++) out[i] = (byte) Integer.parseInt(text.substring(2 * i, 2 * i + 2), 16);
        return out;
    }

    private static String hex(byte[] data) {
        StringBuilder text = new StringBuilder();
        for (byte each : data) text.append(String.format("%02x", each));
        return text.toString();
    }
}
