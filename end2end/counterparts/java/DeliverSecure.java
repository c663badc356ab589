import java.io.ByteArrayInputStream;
import java.io.StringWriter;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.xml.bind.JAXBContext;
import javax.xml.bind.JAXBElement;
import javax.xml.crypto.dsig.CanonicalizationMethod;
import javax.xml.crypto.dsig.DigestMethod;
import javax.xml.crypto.dsig.Transform;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMSignContext;
import javax.xml.crypto.dsig.spec.C14NMethodParameterSpec;
import javax.xml.crypto.dsig.spec.TransformParameterSpec;
import javax.xml.namespace.QName;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import javax.xml.ws.BindingProvider;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import se.gov.minameddelanden.schema.message.v3.SealedDelivery;
import se.gov.minameddelanden.schema.message.v3.SignedDelivery;
import se.gov.minameddelanden.schema.service.DeliveryResult;
import se.gov.minameddelanden.service.ApplicationFaultV3;
import se.gov.minameddelanden.service.ServicePortV3;

/**
 * A sender of another make: types and port made by wsimport from the service's own WSDL, signatures by the JDK.
 *
 * <pre>DeliverSecure WSDL ADDRESS KEYSTORE UNSIGNED.xml good|spoiled</pre>
 *
 * It works as the public Java senders do: strip the prefixes, sign the stand-alone document, bind it back to objects,
 * seal in the same way, and hand the objects to JAX-WS, which writes them with prefixes of its own.
 * Prints one line: {@code delivered TRANSID} or {@code fault CODE CALLID DESCRIPTION}.
 */
public final class DeliverSecure {
    private static final String M1 = "http://minameddelanden.gov.se/schema/Message";
    private static final String M3 = "http://minameddelanden.gov.se/schema/Message/v3";
    private static final char[] PASSWORD = "changeit".toCharArray();

    private final PrivateKey key;
    private final X509Certificate certificate;
    private final JAXBContext types = JAXBContext.newInstance(SealedDelivery.class, SignedDelivery.class);
    private final DocumentBuilder documents;

    private DeliverSecure(Path keystore) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(keystore)) {
            store.load(in, PASSWORD);
        }
        String alias = store.aliases().nextElement();
        key = (PrivateKey) store.getKey(alias, PASSWORD);
        certificate = (X509Certificate) store.getCertificate(alias);
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        documents = factory.newDocumentBuilder();
    }

    public static void main(String[] arguments) throws Exception {
        DeliverSecure sender = new DeliverSecure(Path.of(arguments[2]));
        SealedDelivery sealed = sender.signAndSeal(Files.readString(Path.of(arguments[3])));
        if (arguments[4].equals("spoiled")) {
            sealed.getSignedDelivery().getDelivery().getMessage().get(0).getHeader().setSubject("Something else");
        }
        QName service = new QName("http://minameddelanden.gov.se/Service", "Service");
        QName name = new QName("http://minameddelanden.gov.se/Service", "ServicePort-v3");
        ServicePortV3 port = javax.xml.ws.Service.create(new URL(arguments[0]), service).getPort(name, ServicePortV3.class);
        ((BindingProvider) port).getRequestContext().put(BindingProvider.ENDPOINT_ADDRESS_PROPERTY, arguments[1]);
        try {
            DeliveryResult result = port.deliverSecure(sealed);
            boolean delivered = result.getStatus().get(0).isDelivered();
            System.out.println((delivered ? "delivered " : "not-delivered ") + result.getTransId());
        } catch (ApplicationFaultV3 fault) {
            var told = fault.getFaultInfo();
            System.out.println("fault " + told.getErrorCode() + " " + told.getCallId() + " " + told.getDescription());
        }
    }

    private SealedDelivery signAndSeal(String unsigned) throws Exception {
        Document inner = documents.parse(new ByteArrayInputStream(unsigned.getBytes(StandardCharsets.UTF_8)));
        sign(inner);
        SignedDelivery signed = bind(inner, SignedDelivery.class);

        Document outer = documents.newDocument();
        Element root = outer.createElementNS(M3, "SealedDelivery");
        outer.appendChild(root);
        Document written = documents.newDocument();
        types.createMarshaller().marshal(
            new JAXBElement<>(new QName(M3, "SignedDelivery"), SignedDelivery.class, signed), written);
        root.appendChild(outer.importNode(written.getDocumentElement(), true));
        Element seal = outer.createElementNS(M3, "Seal");
        append(seal, "ReceivedTime", java.time.LocalDate.now().toString());
        append(seal, "SignaturesOK", "true");
        root.appendChild(seal);
        outer = withoutPrefixes(outer);
        sign(outer);
        return bind(outer, SealedDelivery.class);
    }

    private static void append(Element parent, String name, String text) {
        Element child = parent.getOwnerDocument().createElementNS(M1, name);
        child.setTextContent(text);
        parent.appendChild(child);
    }

    private <T> T bind(Document document, Class<T> type) throws Exception {
        return types.createUnmarshaller().unmarshal(document, type).getValue();
    }

    /** Removes every prefix, then reads the text again so that each element declares its own namespace. */
    private Document withoutPrefixes(Document document) throws Exception {
        strip(document, document.getDocumentElement());
        Transformer writer = TransformerFactory.newInstance().newTransformer();
        writer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
        StringWriter text = new StringWriter();
        writer.transform(new DOMSource(document), new StreamResult(text));
        return documents.parse(new ByteArrayInputStream(text.toString().getBytes(StandardCharsets.UTF_8)));
    }

    private static void strip(Document document, Element element) {
        var attributes = element.getAttributes();
        for (int i = attributes.getLength() - 1; i >= 0; i--) {
            String name = attributes.item(i).getNodeName();
            if (name.equals("xmlns") || name.startsWith("xmlns:")) {
                element.removeAttribute(name);
            }
        }
        Element plain = (Element) document.renameNode(element, element.getNamespaceURI(), element.getLocalName());
        for (Node child = plain.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element inner) {
                strip(document, inner);
            }
        }
    }

    private void sign(Document document) throws Exception {
        XMLSignatureFactory xml = XMLSignatureFactory.getInstance("DOM");
        var reference = xml.newReference(
            "", xml.newDigestMethod(DigestMethod.SHA256, null),
            List.of(xml.newTransform(Transform.ENVELOPED, (TransformParameterSpec) null)), null, null);
        var info = xml.newSignedInfo(
            xml.newCanonicalizationMethod(CanonicalizationMethod.EXCLUSIVE, (C14NMethodParameterSpec) null),
            xml.newSignatureMethod("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", null), List.of(reference));
        var keys = xml.getKeyInfoFactory();
        var data = keys.newX509Data(List.of(certificate.getSubjectX500Principal().getName(), certificate));
        xml.newXMLSignature(info, keys.newKeyInfo(List.of(data)))
            .sign(new DOMSignContext(key, document.getDocumentElement()));
    }
}
