#!/usr/bin/env bash
# Makes a Java client from the service's WSDL with JAX-WS RI and delivers one letter with it.
#
#   run.sh WORK WSDL ADDRESS PKI SENDER UNSIGNED.xml good|spoiled
#
# WORK keeps what was generated and compiled, so that a second run is quick. WSDL may be a file or an address.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$1 wsdl=$2 address=$3 pki=$4 sender=$5 unsigned=$6 how=$7
case $wsdl in /*) wsdl=file://$wsdl ;; esac
mkdir -p "$work"

jars=(jaxws-tools jaxws-rt jaxws-api jaxb-api jaxb-core jaxb-runtime jaxb-impl jaxb-xjc jws-api javax.activation
    saaj-impl saaj-api stax-ex stax2-api streambuffer woodstox-core metro-policy mimepull gmbal istack-commons-runtime
    istack-commons-tools codemodel xsom rngom relaxngDatatype dtd-parser txw2 FastInfoset xml-resolver asm
    geronimo-annotation-1.3-spec glassfish-pfl-basic)
classpath=
for jar in "${jars[@]}"; do
    [ -e "/usr/share/java/$jar.jar" ] && classpath+=/usr/share/java/$jar.jar:
done

# The key store is the sender's certificate, the trust store our CA.
openssl pkcs12 -export -in "$pki/$sender.crt" -inkey "$pki/$sender.key" -name sender \
    -passout pass:changeit -out "$work/key.p12"
rm -f "$work/trust.p12"
keytool -importcert -noprompt -alias ca -file "$pki/ca.crt" -keystore "$work/trust.p12" \
    -storetype PKCS12 -storepass changeit 2>/dev/null
tls=(-Djavax.net.ssl.keyStore="$work/key.p12" -Djavax.net.ssl.keyStorePassword=changeit
    -Djavax.net.ssl.keyStoreType=PKCS12 -Djavax.net.ssl.trustStore="$work/trust.p12"
    -Djavax.net.ssl.trustStorePassword=changeit)

if [ ! -e "$work/classes/DeliverSecure.class" ]; then
    mkdir -p "$work/source" "$work/classes"
    java "${tls[@]}" -cp "$classpath" com.sun.tools.ws.WsImport -quiet -Xnocompile -s "$work/source" \
        -d "$work/classes" "$wsdl"
    find "$work/source" -name '*.java' >"$work/files"
    javac -nowarn -encoding UTF-8 -cp "$classpath" -d "$work/classes" @"$work/files" "$here/DeliverSecure.java" 2>"$work/javac.log" ||
        { cat "$work/javac.log" >&2; exit 1; }
fi
exec java "${tls[@]}" -cp "$work/classes:$classpath" DeliverSecure "$wsdl" "$address" "$work/key.p12" "$unsigned" "$how"
