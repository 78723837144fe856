/**
 * Certificates of WAMP-Cryptosign: by them somebody who is trusted vouches for keys. They are typed
 * data of EIP-712 with signatures of Ethereum, of which nothing else is here.
 */
@NullMarked
package io.tandem.node.trust;

import org.jspecify.annotations.NullMarked;
