"""Files of old formats, packed: no library that writes them is at hand. LibreOffice 7.4 made them of a DOCX and an XLSX."""

import base64
import zlib


def _unpacked(packed: bytes) -> bytes:
    return zlib.decompress(base64.b85decode(packed))


#: Struck, hidden and raised text, a footnote, a field, a table with merged heads.
DOC = _unpacked(
    b"c-rk+TWnNC82;z%w!2%PY`0gTz_zTV7KQCaXaz!Vlv1D<S}BSax80Vu_U5*PHu6C55+2Z$i1I=dO)&<Isrbf&8lx{JDlar4@lqc&Q6X|sNfYS$"
    b"{c~o^vb1ozttQ3&PrjWwbIyM`^Z)aonK^sz+qluUKU(w?h0r=O(YW76(Lrqja0E{5M4D<F_xt^UW`Bg{6x~!M`_K&kMFH${i}I@tWehM6m=7!f"
    b"Vu6Kv2vD55FJ6@qnp?Dkx^eW8lQvNoN*@i-bSMcC6D-dN&$z++j8a5@`1%9+d$RFw1&oY;ekbtwPXH2SOb{glDZm53B49C)3M>JZ0?Pm=kOrhH"
    b"8(b(KRP_~+eDa@=KrfqO^cae^X)-20(?g?-{kOfX$=BW6-O}f*@Ai2gDeZoCUuSbypNxs^wcJ+P-6SJ{>#J}gudm9dKMT%0ckfsf`ZOYJav;KD"
    b"AZ53VNSzuGnpgZ9mx$#`<ToF6l7~7}9A~>I%O#2sZn;#PMO77MssTzWlBl!XX6^;HmTOd95k+0)W@{hNP!Ua@iWJ&YUSPhfJ!@!u*;W4)lsqQN"
    b"RCeu>zs-pF5^9AdKA=gq_^4O%<xqzGs$Ym4IkxWPD?+^qy!<SLxmkIZAU9=!Cr-HKnB@HJy$460v@T8L$({@4n98;?a0x0FWil_6<BA7-ZQ$H1"
    b"GeSJY4_&5&p?->X35@!x3JW^af(}iUov3$SDzq2dSx%nJD|L|5FW)@Hu)r(dJ9gv{hc`h8NJKsvIwG^gYI~8`Avjx@X&dzRf{Vi@5$6pRRw|@)"
    b"$ZZsb(!LT{*MmFSAhk={mjr43(!Tky&jGtqXpL1cEBo|mtH_W~=tIdFaEt60wvNw|C6}(rMN6RRkZ{TD80saqDMjVX9+g{fWlU17W;KbH*%~SK"
    b"2dkcSxqb{721c#7XJO8e4*@Fy4@Xv7f<N(KKq8Z74^mOBb4f!sCk+ZC1E~%j)`^GcMTb|S+>eqc2Rv}N8y|%nBO|pIj_jmHaPn}=%`m3D2*K8-"
    b"hG-i!iMV_7a40m&F!fBh+X?;6QdWzBXIjge3|LnpEn{sgnP_XYF}`}}?4lalC-pr6UMD>%+njP3v8;^-WtHOocF5TYY5bHdk%wn3dRW-Q@2!BG"
    b"U=M6`&CI5B1i7%jg0b)=LZ($rlJvRvrHA+|Mh=S?24n7MjZqvcOmem$M^A)i@Va!*zRZxU;56u@X<Kq|^0_RBiZ<E2f<|9@>*`oltNs0>R$95@"
    b";|r|ufSTX(^?a2g3ss<PQ}cseYOd>5*}F$Q<gYjNxvQqEFAUOWq&^+{xkWqw_4yO47TaGt4*MS-`>>SXM<H!bsd=_gum{;XReLa9JSD_-rwtyv"
    b"?D#a;G3qT8OC_G}4o_G9B<`}AlW2qE*10F>O*i>EWubi23004l^Af!tN{8j|G1W0#GT2LRYPxqq>9nS=K#bBSO3qiBzA_2W5}4GFwqG=TB@-^)"
    b"2y<ThI=ZMah}UY;S5*<ZKk3F4@%(R-Mi(NTAE5~Suc@-?`>L_so+H_mgZa=}%0*r{TRGqF-Mz6Um$HeGgM-@!e3y3?Pyt%<@#~gtYnq?0iN~C;"
    b"8ViWcv<bBYTu-FGajo(A9|O$omPaRQntK6Rnk=mr*~)VJ8Z5-eH}x87Cu(Z;@>#$ti?kpIzZR5v^3I<tV=5o3{C&@<#-3)Dr_stf=3}0GrR!`Z"
    b"Us)h$ZxOmHVUFhj5`a{|31k47fE&mIN`W$92T%v>1a<)(Ko{^1Fa*2{ya#*^e4%zW=sNvH*XRmel*cvt4frwA?XyFPrgknKw+eT~!ikMcQ*D;8"
    b"O<Xap2g<XAX{}Y*gYLKUj$ktT-v{&qF9I(Ehk;ksZq!(?x=T}@95r^^r8(HgSYai(M6ye4Y2k&7b;M2DF@H}~X52FdCD=yfg4i*_%M-uCM6G99"
    b"&3PlyB!o#-G*gFOF$Y?#XlcnKQy$MLlLAJYT;y@_zITy}S6%ukZ-86a$8P{9fzxXD@o=#52aKJ}HJYk-_J?}Aj7;q9ZSykYoHNj88&UtHaEvUS"
    b"%&)<YpXm+8V}#7??=vcAf2VTxXlM)^n)2k}lvm~o3A$}W+|B=V|M@>^9j$j$VKq^4wMNT^&#iV2k8VgCJ{gq`EFU}><pOeWJ$ukg?jGJp%Eeh`"
    b"4#m1DLUW#G^Zy?_U_!qkPsYQ0eu15RK_&8oOb=C2BehT4eh23NtkF#Bi<&`dpBVmC)FHp!g-0>a&U#JL(9iY;b}F-}jy!nsaBYZH`ls{%54QEX"
    b"MXyIuE$u`9cgion1M=Hv%fuJ+TVGM9qD<%y{Aa|d{^h_2s$MU3d8rg-leDB+#-UMK6vp%OvLvu?9d(E1>Gel`82b4ubKfkE;hFsZ=N}OuhDZ"
)

#: Formats, a hidden row, a hidden column, a struck cell, a hidden sheet.
XLS = _unpacked(
    b"c-rk)eQZ=k5TAYb-t}GS$F)#C3f2<^3N7_0iZzN?Xi-Rnihw8(<S18KIohVw1Wc@lN=$?%5@O^JqG<xe#Ke!7V4_Ca|A^73fAEJyW5F0Tn0S80"
    b"kl3ETnYZuydR&uUAx5!#`R%@)oqaQJXJ%*jKL4y_u<xDni<D9BAs-E=0_6A56p-(Bf<%U<4X08mmz<g`|EV&hTehJI`&j_nJP)vefVS@x-A<Mp"
    b"t2|5{_;pi=R#7|JE;>NDl<Dvo@B79xXLy`^<1Lf&CoZ4&Z{Ej!z*zCmdp^g10Z<4O0mV)Vpc0@Im<mh-%ETv#W&ksRSwJ~38<+#!1XKVw10moR"
    b"U@mYga2qfWm=7!fDuIQ-BA`m^y;!%5FrJqHwVHMZ+B+xrshmo{h86u5eNgxbn_O&v5gzfjIUs&<3D`!R>>CZycys8VDl0{YsA3)Z;iSuz312nn"
    b"1W-h83H?K<my7?Q)KjQV`}Ctmy=dPn^<1foP%C;*=3EfU5_sZQ;^!|(7%0k94HTs~wb4%Ogl*s`r*j-(&j<&{hgu;c%yn&}wWDMslGJ93VGmwU"
    b"PlBVJ9s_5Hwg@dmtI@V;jqUV1U5)o@eWO%i7SKtK-Unjsv94&m!px^r9M$2PaClyYIh9UhRE4RA!dRHI>l)V2r9lbZlk`U_<k=?rLriBmLjQey"
    b"bR$PP{qN`}v3A+kxys>BX3`gqL9ZTzzGw`3AS>N+^{E_#ZfEL$%AuQ?^wU}C{w(h~W`HR{DQ<%apR^?jzqF+ZQ`)JCJZYyTtkez(+CxYz7dSt`"
    b">1*M=wfJ>!|E8z!@FAq8H31F>L%qB`^3)OH%|g+DvH_xvy^1a)M3A(STSNzcQY>IQiO-;s%Z&0oFQq9--dxUt(WZk6BJ6%ukGh^JehE71&_-Ic"
    b"k?!n2krDsGW?7(9CbpZr*5k*yY0hg!vuVTHCW`_Fjc8Ajb}eY3_H<6)@WMW@HTHgS6xx3uL-qbT5O!^itVd&S>^q#ooAYU_<s{=~y9^ldq%z$a"
    b"EZ*7KgQIr#0w}c$%fLHfiF{@dAGWw*&gDzX$|H{pJuzY_n#YEsYIP7J1Lh)`Q6=@W!s}-I=Y;mW)brExe~2vbJXfZllaYm<=RRyh0cb^HG6T}8"
    b")yx9_a|1gDBW|l`6Gm)$T0YyL7wux1&3zx6u&`JR#(ik4+;K9Bq>%*>&$Nx8Jo_NWNfyOIQ(0(+%o$DdW#KbDw2-D*S@`@Jv>|<)cFgvX^b~q!"
    b"kj!IB&Qe@EJ%yf;?isM7PxlPr6g>>ia|X^|10VOTI`iAlksgD`ec)cE9B!XJw-fQ052G{bTRmpVn4jDp%goc9rpSD?*cr2g(<Zm)<+Q*#i+c2!"
    b"UpNElp3CXSDbO$PbV^gb(*~#!FX*o@$oft%gV>UOqKDXdldB!aP1-t6S!*mtGAsvEGg&G0Kr)!+@M}=M%;P!y3HKSLbjI(TABgT1N91Fwv$(DR"
    b"l-&sO-M05d$~|!3*x`0{IH`2)hLiHRb&uh=bunFvTcd0i^4iRvfX!@=&FI=~CY-}5U%qpP3fhK~pq!!m`OdPot+}gXUq?%KXx0AaSUhz1U5htH"
    b"cgEuJm{@paTT4sbwcOp5lWitkhEtOEvb~oE554y5m8RC<8%J%bTJY|dywu0_Zm9I)vBRy__q=U-Sz7gduUp^w68heEM5o3dhnzbc&*|ulwRaxa"
    b"A18gU<MFV5w_C1ywtA<{IQX^lK40(emy~|~)AJ{4W(SYGg72@s@@6B8%b;!3_f$9a2R+~TpuQKAzN_+hogT0E92I!2R&;hg66@O6*3mwCjd*>R"
    b")-0iaYq_5P|H%4f#89?5yrzjl=Xo=vchMdk&RCB<IqP34+0I$#R1W{E45j100dn`^hT8-ko|uq)pXWcA@yw|P)}-UK3Ae%6gzd+<J=gz#YV?0K"
    b"5`MG+_szZdMaA}O-~}yW6Q*?IPT2v<*rig-w{lqj+ktaw`Hhg!EIP!*19Q`-ZUW!G6nK5||34{z13YazW&"
)
